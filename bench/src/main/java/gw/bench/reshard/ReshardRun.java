package gw.bench.reshard;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.ShardState;
import gw.proto.v1.Status;
import gw.sim.FakeDiscord;
import gw.sim.bot.CountingBot;
import gw.sim.bot.Received;
import gw.sim.check.Balance;
import gw.sim.check.LedgerCheck;
import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimSettings;
import gw.sim.gateway.SimStats;
import gw.sim.ledger.SentEvent;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** One reshard of a real gw between a fake Discord and a bot, under load. */
final class ReshardRun {
    private static final String TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.sim-token-for-benches";
    private static final double RATE = 2_000;
    private static final int GUILDS = 1_000;
    private static final int REPLAY_EVENTS = 10_000;
    private static final int MAX_EVENTS = 4_000_000;
    private static final long LOOK_EVERY_NANOS = 200_000_000;
    private static final Duration SETTLE_WITHIN = Duration.ofSeconds(60);
    private static final Duration AROUND = Duration.ofSeconds(1);

    private final Change change;
    private final Pace pace;
    private final Contents contents;
    private final FakeDiscord discord;
    private final CountingBot bot;
    private final RunningGw gw;
    private final Memory memory;

    private ReshardRun(
            Change change,
            Pace pace,
            Contents contents,
            FakeDiscord discord,
            CountingBot bot,
            RunningGw gw,
            Memory memory) {
        this.change = change;
        this.pace = pace;
        this.contents = contents;
        this.discord = discord;
        this.bot = bot;
        this.gw = gw;
        this.memory = memory;
    }

    /**
     * Starts all, measures, and ends all.
     *
     * @param work a directory in which it may leave files
     */
    static Figures measure(Change change, Pace pace, Path binGw, Path work) throws IOException {
        SimSettings settings =
                SimSettings.defaults()
                        .at(0, TOKEN)
                        .sized(change.from(), change.maxConcurrency(), GUILDS)
                        .timed(pace.identifyWindow(), SimSettings.defaults().heartbeatInterval())
                        .remembering(REPLAY_EVENTS, MAX_EVENTS)
                        .withSkew(pace.skew());
        Contents contents = new Contents(new RealisticEvents(settings.seed()));
        try (FakeDiscord discord = FakeDiscord.start(settings, contents);
                CountingBot bot = CountingBot.start(0, Optional.empty(), MAX_EVENTS);
                RunningGw gw =
                        new RunningGw(
                                binGw,
                                work.resolve("state-" + change.name()),
                                work.resolve("gw-" + change.name() + ".out"),
                                TOKEN,
                                options(discord, bot, pace));
                Memory memory = Memory.watch(gw)) {
            try {
                Figures figures =
                        new ReshardRun(change, pace, contents, discord, bot, gw, memory).run();
                if (!figures.clean()) {
                    Say.line(change, "gw said:\n" + gw.said());
                }
                return figures;
            } catch (RuntimeException e) {
                Say.line(change, "gw said:\n" + gw.said());
                throw e;
            }
        }
    }

    private static List<String> options(FakeDiscord discord, CountingBot bot, Pace pace) {
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--api-url",
                                discord.apiUrl().toString(),
                                "--url",
                                bot.url().toString(),
                                "--intents",
                                "GUILDS,GUILD_MESSAGES,DIRECT_MESSAGES",
                                "--reshard-overlap",
                                pace.overlap().toMillis() + "ms"));
        options.addAll(pace.options());
        return options;
    }

    private Figures run() {
        Say.line(change, change.from() + " shards come up; " + load());
        await(
                Duration.ofSeconds(60).plus(pace.identifyWindow().multipliedBy(4L * change.from())),
                "all shards ready",
                status -> ready(status) == change.from());
        discord.rate(RATE);
        Say.line(change, "under load, warming up");
        pause(pace.warm());
        // What earlier runs left goes now, not amid the figures.
        System.gc();
        long measuredFrom = System.nanoTime();
        pause(pace.before());

        SimStats statsBefore = discord.stats();
        long ordered = System.nanoTime();
        long orderedAtMillis = System.currentTimeMillis();
        gw.reshard(change.to());
        Status over = follow(ordered);
        long overAt = System.nanoTime();
        ReshardStatus reshard = over.getReshard();
        Say.line(change, "over: " + reshard.getLastOutcome() + "; " + load());
        pause(pace.after());
        long measuredTo = System.nanoTime();

        Balance balance = settle();
        SimStats stats = discord.stats();
        List<SentEvent> sent = discord.ledger().events();
        Received received = bot.received();
        Arrivals arrivals = new Arrivals(sent, received);
        long switched = arrivals.switchedAt().orElse(overAt);
        long around = AROUND.toNanos();
        return new Figures(
                change,
                reshard.getLastOutcome(),
                balance,
                stats.identifies() - statsBefore.identifies(),
                stats.sessionsEnded(),
                stats.violations(),
                change.floor(pace.identifyWindow()),
                pace.overlap(),
                arrivals.switchedAt().isPresent()
                        ? Optional.of(Duration.ofNanos(switched - ordered))
                        : Optional.empty(),
                Duration.ofMillis(reshard.getLastEndedMs() - orderedAtMillis),
                reshard.getMerged(),
                reshard.getAdded(),
                reshard.getDuplicatesPossible(),
                memory.typical(measuredFrom, ordered),
                memory.largest(ordered, overAt),
                memory.typical(measuredTo - pace.after().toNanos() / 3, measuredTo),
                arrivals.between(measuredFrom, ordered),
                arrivals.between(ordered, switched - around),
                arrivals.between(switched - around, switched + around),
                arrivals.between(switched + around, measuredTo),
                Flaws.of(sent, arrivals, contents, switched));
    }

    private Status follow(long ordered) {
        ReshardPhase[] before = {ReshardPhase.RESHARD_PHASE_UNSPECIFIED};
        return await(
                Duration.ofSeconds(60)
                        .plus(change.floor(pace.identifyWindow()).multipliedBy(3))
                        .plus(pace.overlap().multipliedBy(4)),
                "the reshard over",
                status -> {
                    ReshardStatus reshard = status.getReshard();
                    if (reshard.getPhase() != before[0]) {
                        before[0] = reshard.getPhase();
                        Say.line(
                                change,
                                (System.nanoTime() - ordered) / 1_000_000
                                        + " ms: "
                                        + before[0]
                                                .name()
                                                .substring("RESHARD_PHASE_".length())
                                                .toLowerCase(Locale.ROOT));
                    }
                    return reshard.getPhase() == ReshardPhase.RESHARD_PHASE_NONE
                            && !reshard.getLastOutcome().isEmpty();
                });
    }

    /** The sim falls silent; what it sent gets time to arrive; then all is counted. */
    private Balance settle() {
        discord.rate(0);
        long deadline = System.nanoTime() + SETTLE_WITHIN.toNanos();
        while (true) {
            pause(Duration.ofSeconds(1));
            boolean late = System.nanoTime() - deadline > 0;
            if (!late
                    && (discord.stats().underWay() > 0
                            || gw.status()
                                    .map(status -> status.getDelivery().getQueuedEvents() > 0)
                                    .orElse(true))) {
                continue;
            }
            Balance balance = LedgerCheck.check(discord.ledger(), bot.received());
            // Time mends what is missing, and nothing else.
            if (balance.missing() == 0 || late) {
                Say.line(change, balance.explain());
                return balance;
            }
        }
    }

    private Status await(Duration within, String what, Predicate<Status> fits) {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            Optional<Status> status = gw.status().filter(fits);
            if (status.isPresent()) {
                return status.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not within " + within.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    /** What else runs on the machine shows in times and latencies. */
    private static String load() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return String.format(
                Locale.ROOT,
                "load average of the machine %.1f, it has %d cores",
                system.getSystemLoadAverage(),
                system.getAvailableProcessors());
    }

    private static long ready(Status status) {
        return status.getShardsList().stream()
                .filter(shard -> shard.getState() == ShardState.SHARD_STATE_READY)
                .count();
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
