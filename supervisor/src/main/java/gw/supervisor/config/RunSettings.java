package gw.supervisor.config;

import gw.supervisor.log.LogSettings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings that concern delivery, the queue, the processes and the sim. */
final class RunSettings {
    static final Setting<Integer> DELIVERY_CONCURRENCY =
            Setting.of(
                    Group.DELIVERY,
                    "deliveryConcurrency",
                    "--delivery-concurrency=COUNT",
                    Readers.whole(1, 10_000),
                    64,
                    "Most POSTs under way at once. Events of one guild go one at a time.");

    static final Setting<Integer> BATCH_MAX =
            Setting.of(
                    Group.DELIVERY,
                    "batchMax",
                    "--batch-max=COUNT",
                    Readers.whole(1, 1_000),
                    1,
                    "Most events in one POST. 1: each event is a POST of its own. More: each POST"
                        + " is a list of events, also of several of one guild, in order, settled as"
                        + " one.");

    static final Setting<Duration> BATCH_LINGER =
            Setting.of(
                    Group.DELIVERY,
                    "batchLinger",
                    "--batch-linger=TIME",
                    Readers.duration(Duration.ZERO, Duration.ofSeconds(1)),
                    Duration.ofMillis(2),
                    "2ms",
                    "With --batch-max: how long an event waits for company.");

    static final Setting<Duration> DELIVERY_TIMEOUT =
            Setting.of(
                    Group.DELIVERY,
                    "deliveryTimeout",
                    "--delivery-timeout=TIME",
                    Readers.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
                    Duration.ofSeconds(10),
                    "10s",
                    "For one POST, from its start to the end of the answer.");

    static final Setting<Long> QUEUE_MAX_BYTES =
            Setting.of(
                    Group.DELIVERY,
                    "queueMaxBytes",
                    "--queue-max-bytes=SIZE",
                    Readers.bytes(Units.MIB, 1024 * Units.GIB),
                    4 * Units.GIB,
                    "4g",
                    "Most bytes that the queue takes on the disk; what gives beyond it says"
                            + " --queue-full.");

    static final Setting<Long> QUEUE_MAX_EVENTS =
            Setting.of(
                    Group.DELIVERY,
                    "queueMaxEvents",
                    "--queue-max-events=COUNT",
                    Readers.wholeLong(1, 10_000_000_000L),
                    1_000_000_000L,
                    "Most events that wait for the bot.");

    static final Setting<Optional<Duration>> QUEUE_MAX_AGE =
            Setting.optional(
                    Group.DELIVERY,
                    "queueMaxAge",
                    "--queue-max-age=TIME",
                    Readers.duration(Duration.ofSeconds(1), Duration.ofDays(365)),
                    "as long as it takes",
                    "Events that wait for longer are dropped, counted and announced.");

    static final Setting<Map<String, Duration>> TTL =
            Setting.of(
                    Group.DELIVERY,
                    "ttl",
                    "--ttl=TYPE=TIME",
                    Readers::ttl,
                    Map.of(),
                    "none",
                    "The same for single event types, with commas between them:"
                            + " INTERACTION_CREATE=15m,TYPING_START=30s.");

    static final Setting<LogSettings.WhenFull> QUEUE_FULL =
            Setting.of(
                    Group.DELIVERY,
                    "queueFull",
                    "--queue-full=WHAT",
                    Readers.oneOf(
                            Map.of(
                                    "drop-oldest",
                                    LogSettings.WhenFull.DROP_OLDEST,
                                    "pause",
                                    LogSettings.WhenFull.PAUSE)),
                    LogSettings.WhenFull.DROP_OLDEST,
                    "drop-oldest",
                    "What gives when the queue is full: drop-oldest (counted, announced), or pause"
                            + " (nothing is read from Discord until there is room; sessions live as"
                            + " long as Discord lets them).");

    static final Setting<LogSettings.CatchUp> CATCH_UP =
            Setting.of(
                    Group.DELIVERY,
                    "catchUp",
                    "--catch-up=ORDER",
                    Readers.oneOf(
                            Map.of(
                                    "oldest-first",
                                    LogSettings.CatchUp.OLDEST_FIRST,
                                    "interactions-first",
                                    LogSettings.CatchUp.INTERACTIONS_FIRST)),
                    LogSettings.CatchUp.OLDEST_FIRST,
                    "oldest-first",
                    "How a backlog is worked off: oldest-first keeps Discord's order;"
                            + " interactions-first lets fresh interactions overtake it.");

    static final Setting<LogSettings.Fsync> FSYNC =
            Setting.of(
                    Group.DELIVERY,
                    "fsync",
                    "--fsync=WHEN",
                    Readers.oneOf(
                            Map.of(
                                    "never",
                                    LogSettings.Fsync.NEVER,
                                    "interval",
                                    LogSettings.Fsync.INTERVAL,
                                    "always",
                                    LogSettings.Fsync.ALWAYS)),
                    LogSettings.Fsync.INTERVAL,
                    "interval",
                    "When the disk is waited for: interval (each second), always (before Discord"
                            + " may forget an event), never. A killed process loses nothing in any"
                            + " of them; after a power cut Discord replays what the disk lacks.");
    static final Setting<DeferInteractions> DEFER_INTERACTIONS =
            Setting.of(
                    Group.DELIVERY,
                    "deferInteractions",
                    "--defer-interactions=HOW",
                    Readers::deferInteractions,
                    DeferInteractions.OFF,
                    "off",
                    "Whether gw answers interactions that the bot doesn't settle in time: off,"
                            + " ephemeral (a deferred reply that only the user sees) or public.");

    /** What comes after it must be over within Discord's 3 s. */
    static final Setting<Duration> DEFER_AFTER =
            Setting.of(
                    Group.DELIVERY,
                    "deferAfter",
                    "--defer-after=TIME",
                    Readers.duration(Duration.ofMillis(500), Duration.ofMillis(2_500)),
                    Duration.ofSeconds(2),
                    "2s",
                    "How long the bot has for an interaction before gw answers it. While the bot is"
                            + " known to be away gw doesn't wait.");

    static final Setting<Duration> WORKER_TIMEOUT =
            Setting.of(
                    Group.SHARDS,
                    "workerTimeout",
                    "--worker-timeout=TIME",
                    Readers.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
                    Duration.ofSeconds(10),
                    "10s",
                    "A worker from which nothing was heard for so long is replaced; its sessions"
                            + " are resumed.");

    static final Setting<Duration> ORPHAN_TIMEOUT =
            Setting.of(
                    Group.SHARDS,
                    "orphanTimeout",
                    "--orphan-timeout=TIME",
                    Readers.duration(Duration.ofSeconds(5), Duration.ofHours(1)),
                    Duration.ofMinutes(5),
                    "5m",
                    "How long workers keep their sessions, and what they take meanwhile, when the"
                            + " supervisor is gone; the next one takes them over.");

    static final Setting<Optional<Integer>> WORKER_HEAP =
            Setting.optional(
                    Group.SHARDS,
                    "workerHeap",
                    "--worker-heap=MEGABYTES",
                    Readers.whole(32, 65_536),
                    "sized to the shards",
                    "A worker's largest Java heap, in megabytes.");

    static final Setting<Optional<Path>> STATE_DIR =
            Setting.optional(
                    Group.RUNNING,
                    "stateDir",
                    "--state-dir=DIR",
                    Readers::path,
                    "$XDG_STATE_HOME/gw, or ~/.local/state/gw",
                    "Where gw keeps its sockets, the identify budget and what the bot refused. One"
                            + " supervisor for each.");

    static final Setting<Optional<ControlAddress>> CONTROL =
            Setting.optional(
                    Group.RUNNING,
                    "control",
                    "--control=ADDRESS",
                    Addresses::control,
                    "a Unix socket in the state directory",
                    "Where the control API listens: host:port, or the path of a Unix socket. It has"
                            + " no password.");

    static final Setting<Boolean> DRY_RUN =
            Setting.flag(
                    Group.RUNNING,
                    "dryRun",
                    "--dry-run",
                    "Show the plan (shards, workers, buckets, how long identifying takes) and"
                            + " exit.");

    static final Setting<Boolean> NO_WAIT =
            Setting.flag(
                    Group.RUNNING,
                    "noWait",
                    "--no-wait",
                    "Exit instead of waiting when the session start limit is spent or Discord"
                            + " can't be reached.");

    static final Setting<Boolean> PLAIN =
            Setting.flag(
                    Group.RUNNING,
                    "plain",
                    "--plain",
                    "No live display: one line for each thing that happens.");

    static final Setting<Boolean> VERBOSE =
            Setting.flag(
                    Group.RUNNING,
                    "verbose",
                    "--verbose",
                    "Say more: where each value came from, and stack traces.");

    static final Setting<Boolean> SIM =
            Setting.flag(
                    Group.SIM,
                    "sim",
                    "--sim",
                    "Run against a fake Discord and a counting bot. No token, intents or URL are"
                            + " needed.");

    static final Setting<Optional<Integer>> SIM_SHARDS =
            Setting.optional(
                    Group.SIM,
                    "simShards",
                    "--sim-shards=COUNT",
                    Readers.whole(1, 10_000),
                    "4",
                    "How many shards the fake Discord recommends; it has 16 identify buckets.");

    static final Setting<Optional<Integer>> SIM_RATE =
            Setting.optional(
                    Group.SIM,
                    "simRate",
                    "--sim-rate=EVENTS",
                    Readers.whole(0, 1_000_000),
                    "50",
                    "Events each second, all shards together.");

    static final Setting<Optional<Integer>> SIM_GUILDS =
            Setting.optional(
                    Group.SIM,
                    "simGuilds",
                    "--sim-guilds=COUNT",
                    Readers.whole(1, 200_000),
                    "100",
                    "In how many guilds the fake bot is.");

    private RunSettings() {}

    static List<Setting<?>> all() {
        return List.of(
                WORKER_TIMEOUT,
                ORPHAN_TIMEOUT,
                WORKER_HEAP,
                DELIVERY_CONCURRENCY,
                BATCH_MAX,
                BATCH_LINGER,
                DELIVERY_TIMEOUT,
                QUEUE_MAX_BYTES,
                QUEUE_MAX_EVENTS,
                QUEUE_MAX_AGE,
                TTL,
                QUEUE_FULL,
                CATCH_UP,
                FSYNC,
                DEFER_INTERACTIONS,
                DEFER_AFTER,
                STATE_DIR,
                CONTROL,
                DRY_RUN,
                NO_WAIT,
                PLAIN,
                VERBOSE,
                SIM,
                SIM_SHARDS,
                SIM_RATE,
                SIM_GUILDS);
    }
}
