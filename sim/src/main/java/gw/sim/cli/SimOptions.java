package gw.sim.cli;

import gw.sim.fault.Fault;
import gw.sim.fault.FaultSchedule;
import gw.sim.gateway.SimSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The options of the command, and what they mean. */
final class SimOptions {
    /** GUILD_MEMBERS, GUILD_PRESENCES, MESSAGE_CONTENT. */
    private static final long PRIVILEGED_INTENTS = (1L << 1) | (1L << 8) | (1L << 15);

    /**
     * They cost the client its session, or last so long that hardly anything else would happen
     * besides.
     */
    private static final Set<String> NOT_HARMLESS =
            Set.of("invalid-session", "close-4007", "close-4009", "no-resumes");

    private static final int MAX_PORT = 65_535;
    private static final int MAX_SHARDS = 16_384;
    private static final int MAX_GUILDS = 200_000;
    private static final int MAX_STARTS = 1_000_000;
    private static final Duration MAX_SKEW = Duration.ofMinutes(1);

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Where REST and gateway listen, on 127.0.0.1. Default: any free port.")
    private int port;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "sim-token",
            description = "The only token that is taken; no secret. Default: ${DEFAULT-VALUE}.")
    private String token = "";

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "4",
            description = "What GET /gateway/bot recommends. Default: ${DEFAULT-VALUE}.")
    private int shards;

    @Option(
            names = "--max-concurrency",
            paramLabel = "N",
            defaultValue = "1",
            description = "Identify buckets. Default: ${DEFAULT-VALUE}.")
    private int maxConcurrency;

    @Option(
            names = "--guilds",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many guilds the bot is in. Default: ${DEFAULT-VALUE}.")
    private int guilds;

    @Option(
            names = "--rate",
            paramLabel = "N|max",
            defaultValue = "50",
            converter = Rate.class,
            description = "Events per second in all guilds together. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The same seed, the same guilds, events and faults.")
    private long seed;

    @Option(
            names = "--identify-window",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = Durations.class,
            description = "Between two identifies of one bucket. Default: ${DEFAULT-VALUE}.")
    private Duration identifyWindow = Duration.ZERO;

    @Option(
            names = "--heartbeat-interval",
            paramLabel = "TIME",
            defaultValue = "41250ms",
            converter = Durations.class,
            description = "What HELLO says. Default: ${DEFAULT-VALUE}.")
    private Duration heartbeatInterval = Duration.ZERO;

    @Option(
            names = "--start-total",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Session starts a day. Default: ${DEFAULT-VALUE}.")
    private int startTotal;

    @Option(
            names = "--start-remaining",
            paramLabel = "N",
            description = "How many of them are left. Default: all.")
    private @Nullable Integer startRemaining;

    @Option(
            names = "--start-reset",
            paramLabel = "TIME",
            defaultValue = "24h",
            converter = Durations.class,
            description = "How often there are all of them again. Default: ${DEFAULT-VALUE}.")
    private Duration startReset = Duration.ZERO;

    @Option(
            names = "--skew",
            paramLabel = "TIME",
            defaultValue = "0s",
            converter = Durations.class,
            description =
                    "Sessions are told of things up to so much later than they happen, each by a"
                            + " time of its own that changes. Default: ${DEFAULT-VALUE}.")
    private Duration skew = Duration.ZERO;

    @Option(
            names = "--deny-privileged-intents",
            description =
                    "GUILD_MEMBERS, GUILD_PRESENCES and MESSAGE_CONTENT are off: close code 4014.")
    private boolean denyPrivilegedIntents;

    @Option(
            names = "--fault",
            paramLabel = "NAME@AFTER[:SHARD]",
            converter = FaultAt.Converter.class,
            description = "A fault, so long after the start, such as reconnect@10s:0. Repeatable.")
    private List<FaultAt> faults = new ArrayList<>();

    @Option(
            names = "--fault-every",
            paramLabel = "TIME",
            converter = Durations.class,
            description =
                    "Faults for ever, one about each TIME, chosen by the seed among those that"
                            + " leave a session resumable.")
    private @Nullable Duration faultEvery;

    @Option(
            names = "--bot",
            description =
                    "Also run a bot that takes POSTs from gw, and check at the end that it"
                            + " received all that was sent.")
    private boolean bot;

    @Option(
            names = "--bot-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Where the bot listens, on 127.0.0.1. Default: any free port.")
    private int botPort;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "End after that time. Default: at Ctrl-C.")
    private @Nullable Duration duration;

    /**
     * Checks the values.
     *
     * @throws ParameterException that names the option and what it may be
     */
    SimPlan plan() {
        within("--port", port, 0, MAX_PORT);
        within("--bot-port", botPort, 0, MAX_PORT);
        within("--shards", shards, 1, MAX_SHARDS);
        within("--max-concurrency", maxConcurrency, 1, MAX_SHARDS);
        within("--guilds", guilds, 0, MAX_GUILDS);
        within("--start-total", startTotal, 1, MAX_STARTS);
        int remaining = startRemaining == null ? startTotal : startRemaining;
        within("--start-remaining", remaining, 0, startTotal);
        atLeastOneMilli("--heartbeat-interval", heartbeatInterval);
        atLeastOneMilli("--start-reset", startReset);
        if (skew.compareTo(MAX_SKEW) > 0) {
            throw wrong("--skew: " + skew.toMillis() + "ms (expected: at most 1m)");
        }
        if (token.isBlank()) {
            throw wrong("--token: empty (expected: any word)");
        }
        SimSettings settings =
                SimSettings.defaults()
                        .withSeed(seed)
                        .at(port, token)
                        .sized(shards, maxConcurrency, guilds)
                        .timed(identifyWindow, heartbeatInterval)
                        .limited(
                                startTotal,
                                remaining,
                                denyPrivilegedIntents
                                        ? SimSettings.KNOWN_INTENTS & ~PRIVILEGED_INTENTS
                                        : SimSettings.KNOWN_INTENTS)
                        .withSkew(skew)
                        .withStartReset(startReset);
        return new SimPlan(
                settings,
                rate,
                List.copyOf(faults),
                Optional.ofNullable(faultEvery).map(this::schedule),
                bot ? OptionalInt.of(botPort) : OptionalInt.empty(),
                Optional.empty(),
                Optional.ofNullable(duration));
    }

    private FaultSchedule schedule(Duration every) {
        atLeastOneMilli("--fault-every", every);
        return new FaultSchedule(seed, every, harmless());
    }

    /** Names of the faults after which a client can resume, sooner or later. */
    static List<String> harmless() {
        return Fault.byName().keySet().stream()
                .filter(name -> !NOT_HARMLESS.contains(name))
                .toList();
    }

    private void within(String option, int value, int low, int high) {
        if (value < low || value > high) {
            throw wrong(option + ": " + value + " (expected: " + low + " to " + high + ")");
        }
    }

    private void atLeastOneMilli(String option, Duration value) {
        if (value.toMillis() < 1) {
            throw wrong(option + ": " + value.toMillis() + "ms (expected: at least 1ms)");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
