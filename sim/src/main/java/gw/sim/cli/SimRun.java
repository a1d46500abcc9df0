package gw.sim.cli;

import gw.sim.FakeDiscord;
import gw.sim.bot.CountingBot;
import gw.sim.check.Balance;
import gw.sim.check.LedgerCheck;
import gw.sim.event.RealisticEvents;
import gw.sim.fault.FaultSchedule;
import gw.sim.gateway.SimStats;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A fake Discord and, if wanted, a counting bot. Any thread. */
final class SimRun implements AutoCloseable {
    /** How much later than the skew says an event may be told on a busy machine. */
    private static final Duration TOLD_LATE = Duration.ofSeconds(1);

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final SimPlan plan;
    private final FakeDiscord discord;
    private final Optional<CountingBot> bot;
    private final ScheduledThreadPoolExecutor timers =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().daemon().name("sim-timers").factory());

    private SimRun(SimPlan plan, FakeDiscord discord, Optional<CountingBot> bot) {
        this.plan = plan;
        this.discord = discord;
        this.bot = bot;
    }

    /** Listens, and begins with events and faults. */
    static SimRun start(SimPlan plan) throws CannotStart {
        FakeDiscord discord;
        try {
            discord =
                    FakeDiscord.start(plan.settings(), new RealisticEvents(plan.settings().seed()));
        } catch (IOException e) {
            throw new CannotStart(
                    "--port: " + e.getMessage(),
                    "Choose another port, or leave --port out to take any free one.",
                    e);
        }
        Optional<CountingBot> bot;
        try {
            bot =
                    plan.botPort().isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    CountingBot.start(
                                            plan.botPort().getAsInt(),
                                            plan.secret(),
                                            CountingBot.DEFAULT_MAX_EVENTS));
        } catch (IOException e) {
            discord.close();
            throw new CannotStart(
                    "--bot-port: " + e.getMessage(),
                    "Choose another port, or leave --bot-port out to take any free one.",
                    e);
        }
        SimRun run = new SimRun(plan, discord, bot);
        run.begin();
        return run;
    }

    private void begin() {
        discord.rate(plan.rate());
        plan.schedule().ifPresent(discord::schedule);
        for (FaultAt fault : plan.faults()) {
            var _ =
                    timers.schedule(
                            () ->
                                    fault.shardId()
                                            .ifPresentOrElse(
                                                    shard -> discord.inject(fault.fault(), shard),
                                                    () -> discord.inject(fault.fault())),
                            fault.after().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    SimPlan plan() {
        return plan;
    }

    URI apiUrl() {
        return discord.apiUrl();
    }

    Optional<URI> botUrl() {
        return bot.map(CountingBot::url);
    }

    SimStats stats() {
        return discord.stats();
    }

    /** Deliveries that the bot settled; empty without a bot. */
    OptionalLong received() {
        return bot.isPresent() ? OptionalLong.of(bot.get().count()) : OptionalLong.empty();
    }

    /** From now on no event is made and no fault comes; what happened is told to all sessions. */
    void quiesce() {
        var _ = timers.shutdownNow();
        discord.schedule(new FaultSchedule(0, Duration.ofSeconds(1), List.of()));
        discord.rate(0);
        long deadline = System.nanoTime() + plan.settings().skew().plus(TOLD_LATE).toNanos();
        // Asked on the same event loop: when it has answered, the two above are done.
        while (discord.stats().underWay() > 0 && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /** Empty without a bot. */
    Optional<Balance> balance() {
        return bot.map(counting -> LedgerCheck.check(discord.ledger(), counting.received()));
    }

    @Override
    public void close() {
        var _ = timers.shutdownNow();
        bot.ifPresent(CountingBot::close);
        discord.close();
    }
}
