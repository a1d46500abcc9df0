package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Status;
import gw.proto.v1.WorkerStatus;
import gw.sim.FakeDiscord;
import gw.sim.bot.CountingBot;
import gw.sim.check.Balance;
import gw.sim.check.LedgerCheck;
import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fake Discord, a counting bot, and between them the real {@code bin/gw} with real worker JVMs.
 * All are gone when it is closed.
 */
final class World implements AutoCloseable {
    static final String TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.sim-token-for-tests";
    static final String SECRET = "Bearer end-to-end-secret";

    private static final int MAX_EVENTS = 2_500_000;
    private static final Duration SETTLE = Duration.ofSeconds(60);

    final FakeDiscord discord;
    final CountingBot bot;
    final Path state;
    private final List<String> arguments;
    GwProcess gw;
    ControlProbe control;

    private World(FakeDiscord discord, CountingBot bot, Path state, List<String> arguments) {
        this.discord = discord;
        this.bot = bot;
        this.state = state;
        this.arguments = List.copyOf(arguments);
        this.gw = GwProcess.start(secrets(), arguments);
        this.control = new ControlProbe(state.resolve("control.sock"));
    }

    /**
     * Starts gw again on the same state directory, with these options, each with a value, besides
     * and in place of the former ones.
     */
    void restartGw(String... more) {
        gw.close();
        control.close();
        List<String> again = new ArrayList<>(arguments);
        for (int i = 0; i < more.length; i += 2) {
            int at = again.indexOf(more[i]);
            if (at >= 0) {
                again.subList(at, at + 2).clear();
            }
            again.addAll(List.of(more[i], more[i + 1]));
        }
        gw = GwProcess.start(secrets(), again);
        control = new ControlProbe(state.resolve("control.sock"));
    }

    /** The supervisor's process alone, with SIGKILL. */
    void killGw() {
        gw.kill();
        var _ = gw.awaitExit(Duration.ofSeconds(10));
    }

    /** A sim with quick identify windows and heartbeats, or the tests would take hours. */
    static SimSettings quick(int shards, int maxConcurrency, int guilds) {
        return SimSettings.defaults()
                .at(0, TOKEN)
                .sized(shards, maxConcurrency, guilds)
                .timed(Duration.ofMillis(500), Duration.ofSeconds(5));
    }

    /**
     * Starts all three; gw with these options besides what it must be told. Its interval between
     * identifies is twice the sim's window, or a machine that stalls for a moment would look like a
     * broken rule; the pace itself is a test of its own.
     */
    static World start(Path dir, SimSettings settings, String... options) {
        FakeDiscord discord;
        CountingBot bot;
        try {
            discord = FakeDiscord.start(settings, new RealisticEvents(settings.seed()));
            bot = CountingBot.start(0, Optional.of(SECRET), MAX_EVENTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path state = dir.resolve("state");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "start",
                                "--api-url",
                                discord.apiUrl().toString(),
                                "--url",
                                bot.url().toString(),
                                "--state-dir",
                                state.toString(),
                                "--intents",
                                "GUILDS,GUILD_MESSAGES,DIRECT_MESSAGES",
                                "--plain"));
        if (!List.of(options).contains("--identify-interval")) {
            arguments.add("--identify-interval");
            arguments.add(settings.identifyWindow().multipliedBy(2).toMillis() + "ms");
        }
        arguments.addAll(List.of(options));
        return new World(discord, bot, state, arguments);
    }

    static Map<String, String> secrets() {
        return Map.of("DISCORD_TOKEN", TOKEN, "GW_SECRET", SECRET);
    }

    Status awaitReady(int shards) {
        return control.awaitAllReady(Duration.ofSeconds(60), shards);
    }

    long workerPid(int worker) {
        return status().getWorkersList().stream()
                .filter(one -> one.getWorker() == worker)
                .mapToLong(WorkerStatus::getPid)
                .findFirst()
                .orElse(0);
    }

    /** Waits until these processes are no more; the system may take a moment to clear them away. */
    static void awaitGone(Duration within, List<Long> pids) {
        Wait.untilTrue(
                within,
                () ->
                        pids.stream()
                                .noneMatch(pid ->
                                        ProcessHandle.of(pid)
                                                .filter(ProcessHandle::isAlive)
                                                .isPresent()),
                () -> "one of " + pids + " still runs");
    }

    List<Long> workerPids() {
        return status().getWorkersList().stream().map(WorkerStatus::getPid).toList();
    }

    Status status() {
        return control.await(Duration.ofSeconds(10), "a status", _ -> true);
    }

    /** The sim falls silent; what it sent gets time to arrive; then all is counted. */
    Balance settle() {
        discord.rate(0);
        Balance[] last = new Balance[1];
        Wait.until(
                SETTLE,
                () -> {
                    // A check copies all events: only when there may be something to see.
                    if (discord.stats().underWay() > 0
                            || status().getDelivery().getQueuedEvents() > 0) {
                        return Optional.empty();
                    }
                    last[0] = LedgerCheck.check(discord.ledger(), bot.received());
                    return Optional.of(last[0]).filter(Balance::balanced);
                },
                () -> (last[0] == null ? "still queued" : last[0].explain()) + "\n" + story());
        return last[0];
    }

    /** What gw printed and how it stands, for a failed assertion. */
    String story() {
        return "gw said:\n" + gw.output() + "\nsim: " + discord.stats();
    }

    /** No rule was broken, and no identify spent that the sim didn't force (P4, P5). */
    void assertNothingWasted(int shards) {
        assertThat(discord.stats().violations()).as(this::story).isEmpty();
        assertThat(discord.stats().identifies())
                .as(this::story)
                .isEqualTo(shards + discord.stats().sessionsEnded());
    }

    @Override
    public void close() {
        control.close();
        gw.close();
        endWorkers();
        discord.close();
        bot.close();
    }

    /** Those of a supervisor that was killed are nobody's children. */
    private void endWorkers() {
        String socket = state.resolve("link.sock").toString();
        ProcessHandle.allProcesses()
                .filter(process ->
                        process.info()
                                .arguments()
                                .filter(words -> List.of(words).contains(socket))
                                .isPresent())
                .forEach(ProcessHandle::destroyForcibly);
    }
}
