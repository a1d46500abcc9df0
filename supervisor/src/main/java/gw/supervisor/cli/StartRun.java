package gw.supervisor.cli;

import gw.proto.v1.Status;
import gw.supervisor.Beginning;
import gw.supervisor.Supervisor;
import gw.supervisor.config.Loaded;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.launch.ProcessImage;
import gw.supervisor.launch.SimProcess;
import gw.supervisor.plan.GatewayBot;
import gw.supervisor.plan.GatewayBotClient;
import gw.supervisor.plan.ShardPlan;
import gw.supervisor.plan.ToldWait;
import gw.supervisor.shards.FatalClose;
import gw.supervisor.state.SmallFile;
import gw.supervisor.state.StateDirectory;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One run of {@code gw start}, from the configuration to the end. A signal is a wish to stop: the
 * thread that runs this does all the work, also that of stopping.
 */
final class StartRun {
    private static final Duration END_WITHIN = Duration.ofMillis(6_500);
    private static final Duration SIM_DRAIN = Duration.ofMillis(1_500);
    private static final Duration DISCORD_TIMEOUT = Duration.ofSeconds(10);
    private static final long LIVE_MILLIS = 250;
    private static final long PLAIN_MILLIS = 1_000;

    private final Loaded loaded;
    private final Map<String, String> environment;
    private final StartView view;
    private final boolean live;
    private final String version;
    private final Optional<ProcessImage> next;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread main = Thread.currentThread();
    private volatile boolean stopWanted;
    private volatile int exitCode = ExitCode.OK.number();
    private boolean handedOver;

    StartRun(
            Loaded loaded,
            Map<String, String> environment,
            StartView view,
            boolean live,
            String version,
            Optional<ProcessImage> next) {
        this.loaded = loaded;
        this.environment = environment;
        this.view = view;
        this.live = live;
        this.version = version;
        this.next = next;
    }

    /** Whether it ended so that this process becomes the next supervisor, which nobody stopped. */
    boolean handedOver() {
        return handedOver && !stopWanted;
    }

    /**
     * Runs until it is told to stop.
     *
     * @return the exit status
     */
    int run() throws UserError {
        Thread hook = new Thread(this::onSignal, "gw-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            exitCode = start();
            return exitCode;
        } catch (InterruptedException e) {
            view.line("gw: stopped");
            return exitCode;
        } catch (UserError e) {
            exitCode = e.exitCode().number();
            throw e;
        } finally {
            done.countDown();
            if (!stopWanted) {
                var _ = Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    /** The exit status of a JVM that a signal ends is the signal's; halting makes it ours. */
    private void onSignal() {
        stopWanted = true;
        main.interrupt();
        try {
            if (!done.await(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("gw: stopping took too long: ended halfway");
                exitCode = ExitCode.INTERNAL.number();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.out.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    private int start() throws UserError, InterruptedException {
        loaded.warnings().forEach(warning -> view.line("gw: warning: " + warning));
        SupervisorConfig config = loaded.config();
        if (loaded.dryRun() && loaded.sim().isEmpty()) {
            return dryRun(config);
        }
        try (StateDirectory state = StateDirectory.open(config.stateDir(), environment)) {
            if (loaded.sim().isEmpty()) {
                return withDiscord(config, state, null);
            }
            Loaded.Sim wishes = loaded.sim().get();
            try (SimProcess sim =
                    SimProcess.start(arguments(wishes), state.path().resolve("sim.log"))) {
                SimProcess.Addresses at = sim.addresses();
                view.line("gw: a fake Discord is at " + at.apiUrl());
                SupervisorConfig simulated =
                        wishes.ownUrl()
                                ? config.withSim(
                                        at.token(), at.apiUrl(), config.url(), config.secret())
                                : config.withSim(
                                        at.token(),
                                        at.apiUrl(),
                                        at.botUrl(),
                                        Optional.of(at.secret()));
                return loaded.dryRun()
                        ? dryRun(simulated)
                        : withDiscord(simulated, state, wishes.ownUrl() ? null : sim);
            }
        }
    }

    /** With a bucket for each shard of a usual trial, nobody has to wait for it. */
    private static List<String> arguments(Loaded.Sim wishes) {
        List<String> arguments = new ArrayList<>(List.of("--max-concurrency", "16"));
        wishes.shards().ifPresent(shards -> add(arguments, "--shards", shards));
        wishes.eventsPerSecond().ifPresent(rate -> add(arguments, "--rate", rate));
        wishes.guilds().ifPresent(guilds -> add(arguments, "--guilds", guilds));
        return arguments;
    }

    private static void add(List<String> arguments, String option, int value) {
        arguments.add(option);
        arguments.add(Integer.toString(value));
    }

    private int dryRun(SupervisorConfig config) throws UserError, InterruptedException {
        GatewayBot bot = discord(config, ToldWait.forgotten(config.apiUrl())).fetch();
        ShardPlan plan = Beginning.plan(config, bot);
        warn(plan);
        view.banner(new PlanText(config, bot, plan).detailed());
        return ExitCode.OK.number();
    }

    private GatewayBotClient discord(SupervisorConfig config, ToldWait toldWait) {
        return new GatewayBotClient(
                config.apiUrl(),
                config.token(),
                "DiscordBot (gw, " + version + ")",
                config.waitForDiscord(),
                DISCORD_TIMEOUT,
                line -> view.line("gw: " + line),
                Thread::sleep,
                new SplittableRandom(),
                toldWait);
    }

    private void warn(ShardPlan plan) {
        plan.warning().ifPresent(warning -> view.line("gw: warning: " + warning));
    }

    /** Who won't wait for the limit must not start what can't be finished. */
    private static void checkRoom(SupervisorConfig config, Beginning beginning) throws UserError {
        GatewayBot bot = beginning.bot();
        int needed = beginning.plan().shards().size() - beginning.shardsHeld();
        int reserve = PlanText.reserve(config, bot);
        int room = bot.limit().remaining() - reserve;
        if (!config.waitForDiscord() && room < needed) {
            throw new UserError(
                    ExitCode.NO_SESSION_STARTS,
                    "session starts: "
                            + bot.limit().remaining()
                            + " of "
                            + bot.limit().total()
                            + " are left, "
                            + reserve
                            + " of them kept in reserve, and "
                            + needed
                            + " shards need one each; the limit is full again in "
                            + Words.duration(bot.limit().resetAfter().toMillis()),
                    "Start fewer shards, come back then, or leave out --no-wait: gw starts what it"
                            + " may and waits with the rest.");
        }
    }

    private int withDiscord(SupervisorConfig config, StateDirectory state, @Nullable SimProcess sim)
            throws UserError, InterruptedException {
        GatewayBotClient discord =
                discord(
                        config,
                        ToldWait.keptIn(
                                new SmallFile(state.toldWaitFile()),
                                config.apiUrl(),
                                InstantSource.system()));
        Beginning beginning = Beginning.of(config, state, discord, loaded.sim().isPresent());
        ShardPlan plan = beginning.plan();
        warn(plan);
        checkRoom(config, beginning);
        Supervisor supervisor =
                Supervisor.start(
                        config,
                        state,
                        discord,
                        new Supervisor.Orders(
                                beginning,
                                version,
                                loaded.sim().isPresent(),
                                this::irreplaceable,
                                running -> drainSim(running, sim)));
        view.banner(new PlanText(config, beginning.bot(), plan).lines());
        supervisor.notices().forEach(notice -> view.line("gw: " + notice));
        config.control().ifPresent(_ -> view.line("control API at " + supervisor.controlAddress()));
        Optional<FatalClose> refused = watch(supervisor);
        if (!supervisor.ended().isDone()) {
            view.stopping();
        }
        // A service manager's restart must not spend identifies (P4): only gw stop ends sessions.
        supervisor.end(true);
        return ended(supervisor, sim, refused);
    }

    /** Why no other build can take this process over, if so. */
    private Optional<String> irreplaceable() {
        if (loaded.sim().isPresent()) {
            return Optional.of(
                    "it runs with --sim: the fake Discord would end with it; stop and start it"
                            + " instead");
        }
        if (next.isEmpty()) {
            return Optional.of("it was not started by bin/gw: stop and start it instead");
        }
        return next.get().isInstalled()
                ? Optional.empty()
                : Optional.of(next.get().launcher() + ", which started it, can't be run any more");
    }

    /**
     * Shows what is going on until someone wants it to end; what Discord refused, if that is why.
     */
    private Optional<FatalClose> watch(Supervisor supervisor) {
        while (!supervisor.ended().isDone() && !stopWanted) {
            try {
                Status status = supervisor.status().get(2, TimeUnit.SECONDS);
                view.update(status);
                FatalClose refused = supervisor.hopeless().getNow(null);
                if (refused != null) {
                    return Optional.of(refused);
                }
                TimeUnit.MILLISECONDS.sleep(live ? LIVE_MILLIS : PLAIN_MILLIS);
            } catch (InterruptedException e) {
                return Optional.empty();
            } catch (RejectedExecutionException e) {
                // It ended between the two questions.
                return Optional.empty();
            } catch (TimeoutException e) {
                view.line("gw: warning: the supervisor is overloaded: no status within 2 s");
            } catch (ExecutionException e) {
                // Stopped by gw stop: the answer will not come any more.
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private int ended(Supervisor supervisor, @Nullable SimProcess sim, Optional<FatalClose> refused)
            throws UserError {
        // The wish to stop has been heard; what follows must not be broken off by it.
        var _ = Thread.interrupted();
        Supervisor.Ending ending = supervisor.ended().join();
        if (refused.isPresent()) {
            throw refused.get().toUserError();
        }
        if (ending.handOver()) {
            handedOver = true;
            view.line(
                    stopWanted
                            ? "gw: stopped on the way to the next version; the workers leave when"
                                    + " none comes"
                            : "gw: makes way for the gw that is installed now; the workers go on");
            return ExitCode.OK.number();
        }
        if (ending.undelivered() > 0) {
            view.line(
                    "gw: "
                            + Words.count(ending.undelivered(), "event waits", "events wait")
                            + " on the disk and "
                            + (ending.undelivered() == 1 ? "goes" : "go")
                            + " out at the next start");
        }
        if (sim == null) {
            view.line(
                    ending.sessionsKept()
                            ? "gw: stopped; the sessions stay resumable for a while"
                            : "gw: stopped; the sessions are ended");
            return ExitCode.OK.number();
        }
        SimProcess.Balance balance = sim.finish();
        balance.explanation().lines().forEach(line -> view.line("gw: " + line));
        return balance.balanced() ? ExitCode.OK.number() : ExitCode.INTERNAL.number();
    }

    /** The sim falls silent first, so that what it sent can be counted against what arrived. */
    private void drainSim(Supervisor supervisor, @Nullable SimProcess sim) {
        if (sim == null) {
            return;
        }
        try {
            sim.quiesce();
            long deadline = System.nanoTime() + SIM_DRAIN.toNanos();
            long lastDelivered = -1;
            while (System.nanoTime() - deadline < 0) {
                Status status = supervisor.status().get(1, TimeUnit.SECONDS);
                long delivered = status.getDelivery().getDelivered();
                if (status.getDelivery().getQueuedEvents() == 0 && delivered == lastDelivered) {
                    return;
                }
                lastDelivered = delivered;
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (UserError | ExecutionException | TimeoutException e) {
            view.line("gw: warning: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
