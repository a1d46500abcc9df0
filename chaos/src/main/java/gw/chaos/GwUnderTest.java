package gw.chaos;

import gw.chaos.Processes.Signal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * The gw that is tried: the real {@code bin/gw}, started, stopped and killed. One thread starts and
 * ends supervisors; signals may come from any.
 */
final class GwUnderTest implements AutoCloseable {
    static final Duration STOPS_WITHIN = Duration.ofSeconds(30);
    private static final long STARTS_WITHIN_SECONDS = 3;
    private static final Duration UPGRADES_WITHIN = Duration.ofMinutes(3);

    private final Settings settings;
    private final Map<String, String> secrets;
    private final List<String> command;
    private final Processes processes;
    private final Journal journal;
    private volatile boolean wanted;
    private volatile @Nullable Process launched;
    private volatile long startedNanos;
    private volatile long endedNanos;

    /**
     * Starts nothing yet.
     *
     * @param secrets go into its environment
     */
    GwUnderTest(
            Settings settings,
            Map<String, String> secrets,
            URI api,
            URI bot,
            Duration identifyInterval,
            Journal journal) {
        this.settings = settings;
        this.secrets = Map.copyOf(secrets);
        this.processes = new Processes(settings.state(), Path.of("/proc"));
        this.journal = journal;
        this.command =
                new ArrayList<>(
                        List.of(
                                settings.gw().toString(),
                                "start",
                                "--api-url",
                                api.toString(),
                                "--url",
                                bot.toString(),
                                "--state-dir",
                                settings.state().toString(),
                                "--intents",
                                "GUILDS,GUILD_MESSAGES,DIRECT_MESSAGES",
                                "--shards-per-cluster",
                                Integer.toString(settings.shardsPerWorker()),
                                "--max-clusters",
                                Integer.toString(settings.workers()),
                                "--identify-interval",
                                identifyInterval.toMillis() + "ms",
                                // What a compression bomb may cost.
                                "--max-message-bytes",
                                "8m",
                                "--delivery-timeout",
                                "3s",
                                "--plain"));
        command.addAll(settings.gwOptions());
    }

    Processes processes() {
        return processes;
    }

    /** The supervisor's pid, also while the launcher is still at work. */
    Optional<Long> supervisor() {
        Process child = launched;
        return processes
                .supervisor()
                .or(() -> Optional.ofNullable(child).filter(Process::isAlive).map(Process::pid));
    }

    /** Whether it should run and doesn't: it went by itself. */
    boolean wentAway() {
        return wanted && supervisor().isEmpty() && wanted;
    }

    void start() throws IOException {
        Process child = launch(command);
        launched = child;
        wanted = true;
        startedNanos = System.nanoTime();
        journal.log("gw start: pid " + child.pid());
    }

    private Process launch(List<String> words) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(words)
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        settings.directory().resolve("gw.out").toFile()));
        Map<String, String> env = builder.environment();
        env.keySet().removeIf(name -> name.startsWith("GW_") || name.startsWith("DISCORD_"));
        env.put("GW_NO_BUILD", "1");
        env.putAll(secrets);
        return builder.start();
    }

    /** Whether it was still the launcher's shell, or a JVM that hears no signal yet. */
    boolean wasStarting() {
        return endedNanos - startedNanos < TimeUnit.SECONDS.toNanos(STARTS_WITHIN_SECONDS);
    }

    /** kill -9, to the supervisor alone. */
    void kill() throws InterruptedException {
        wanted = false;
        Optional<Long> pid = supervisor();
        if (pid.isPresent()) {
            var _ = Processes.signal(Signal.KILL, pid.get());
            awaitGone(pid.get(), STOPS_WITHIN);
        }
    }

    /** kill -9, to all of its processes. */
    void killAll() throws InterruptedException {
        kill();
        for (long pid : processes.all()) {
            var _ = Processes.signal(Signal.KILL, pid);
        }
    }

    /**
     * SIGTERM, and waits for the end.
     *
     * @return its exit code; empty: it still ran after {@link #STOPS_WITHIN}, or wasn't our child
     */
    OptionalInt end() throws InterruptedException {
        wanted = false;
        Optional<Long> pid = supervisor();
        if (pid.isEmpty()) {
            return OptionalInt.empty();
        }
        endedNanos = System.nanoTime();
        var _ = Processes.signal(Signal.TERM, pid.get());
        boolean gone = awaitGone(pid.get(), STOPS_WITHIN);
        Process child = launched;
        if (!gone || child == null || child.pid() != pid.get()) {
            return OptionalInt.empty();
        }
        return child.waitFor(1, TimeUnit.SECONDS)
                ? OptionalInt.of(child.exitValue())
                : OptionalInt.empty();
    }

    /** {@code gw upgrade}: its exit code; -1: it didn't end. */
    int upgrade() throws IOException, InterruptedException {
        Process upgrade =
                launch(
                        List.of(
                                settings.gw().toString(),
                                "upgrade",
                                "--state-dir",
                                settings.state().toString()));
        if (!upgrade.waitFor(UPGRADES_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
            upgrade.destroyForcibly();
            return -1;
        }
        return upgrade.exitValue();
    }

    /** How the supervisor that was started last ended, in words. */
    String lastExit() {
        Process child = launched;
        if (child == null) {
            return "it was never started";
        }
        return child.isAlive() ? "it runs" : "exit code " + child.exitValue();
    }

    private static boolean awaitGone(long pid, Duration within) throws InterruptedException {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isEmpty()) {
            return true;
        }
        try {
            var _ = handle.get().onExit().get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            return !handle.get().isAlive();
        }
    }

    /** Leaves nobody behind. */
    @Override
    public void close() {
        wanted = false;
        // A supervisor that sees its end come starts no more workers meanwhile.
        supervisor().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
        processes
                .all()
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
}
