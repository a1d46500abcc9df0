package gw.supervisor.config;

import gw.model.TransportCompression;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings that concern the bot, its shards and Discord. */
final class BotSettings {
    /** Discord's own window. */
    static final Duration DISCORD_WINDOW = Duration.ofSeconds(5);

    static final Map<String, String> PROPERTIES_OF_GW =
            Map.of("os", "linux", "browser", "gw", "device", "gw");

    /** A count that no bot reaches; it keeps mistakes from becoming a plan. */
    private static final int MOST_SHARDS = 100_000;

    private static final int MOST_WORKERS = 10_000;

    static final Setting<Optional<Path>> CONFIG =
            Setting.optional(
                    Group.BOT,
                    "",
                    "--config=FILE",
                    Readers::path,
                    "",
                    "A YAML or JSON file with any of these settings. Options win over the"
                            + " environment, the environment over the file.");

    static final Setting<Optional<String>> TOKEN =
            new Setting<>(
                    Group.BOT,
                    "token",
                    "",
                    "DISCORD_TOKEN",
                    Credentials.text().as(Optional::of),
                    Optional.empty(),
                    Setting.NEEDED,
                    "The bot token, with or without \"Bot \".");

    static final Setting<Optional<Path>> TOKEN_FILE =
            Setting.optional(
                    Group.BOT,
                    "tokenFile",
                    "--token-file=FILE",
                    Readers::path,
                    "",
                    "A file that holds the bot token and nothing else, instead of the variable"
                            + " DISCORD_TOKEN.");

    static final Setting<Optional<String>> SECRET =
            new Setting<>(
                    Group.BOT,
                    "secret",
                    "",
                    "GW_SECRET",
                    Credentials.text().as(Optional::of),
                    Optional.empty(),
                    "",
                    "Goes out as the Authorization header of each delivery.");

    static final Setting<Optional<Path>> SECRET_FILE =
            Setting.optional(
                    Group.BOT,
                    "secretFile",
                    "--secret-file=FILE",
                    Readers::path,
                    "",
                    "A file that holds the secret, instead of the variable GW_SECRET.");

    static final Setting<Optional<URI>> URL =
            Setting.optional(
                    Group.BOT,
                    "url",
                    "--url=URL",
                    Addresses::target,
                    Setting.NEEDED,
                    "Where events are POSTed, http or https.");

    static final Setting<Optional<Long>> INTENTS =
            Setting.optional(
                    Group.BOT,
                    "intents",
                    "--intents=NAMES",
                    Readers::intents,
                    Setting.NEEDED,
                    "Discord's gateway intents, by name with commas between them or as a number:"
                            + " GUILDS,GUILD_MESSAGES or 513.");

    static final Setting<Optional<String>> PRESENCE =
            Setting.optional(
                    Group.BOT,
                    "presence",
                    "--presence=JSON",
                    Presence::read,
                    "",
                    "The bot's presence, Discord's JSON object or @FILE that holds it;"
                            + " {{shard}} stands for the shard id.");

    static final Setting<Optional<Integer>> MAX_SHARDS =
            Setting.optional(
                    Group.SHARDS,
                    "maxShards",
                    "--max-shards=COUNT",
                    Readers.whole(1, MOST_SHARDS),
                    "what Discord recommends",
                    "The bot's shard count, all machines together.");

    static final Setting<Optional<Integer>> FIRST =
            Setting.optional(
                    Group.SHARDS,
                    "firstShardId",
                    "--first=ID",
                    Readers.whole(0, MOST_SHARDS - 1),
                    "0",
                    "The first shard that runs here.");

    static final Setting<Optional<Integer>> LAST =
            Setting.optional(
                    Group.SHARDS,
                    "lastShardId",
                    "--last=ID",
                    Readers.whole(0, MOST_SHARDS - 1),
                    "the last one",
                    "The last shard that runs here, inclusive.");

    static final Setting<Integer> SHARDS_PER_CLUSTER =
            Setting.of(
                    Group.SHARDS,
                    "shardsPerCluster",
                    "--shards-per-cluster=COUNT",
                    Readers.whole(1, MOST_SHARDS),
                    25,
                    "Most shards in one worker process.");

    static final Setting<Optional<Integer>> MAX_CLUSTERS =
            Setting.optional(
                    Group.SHARDS,
                    "maxClusters",
                    "--max-clusters=COUNT",
                    Readers.whole(1, MOST_WORKERS),
                    "the machine's cores",
                    "Most worker processes. It wins over --shards-per-cluster.");

    static final Setting<TransportCompression> COMPRESS =
            Setting.of(
                    Group.DISCORD,
                    "compress",
                    "--compress=HOW",
                    Readers.compression(TransportCompression.ZLIB_STREAM),
                    TransportCompression.ZLIB_STREAM,
                    "zlib-stream",
                    "How Discord compresses: zlib-stream, zstd-stream (half the CPU, more memory"
                            + " per shard), payload, none; true means zlib-stream, false none.");

    static final Setting<URI> API_URL =
            Setting.of(
                    Group.DISCORD,
                    "apiUrl",
                    "--api-url=URL",
                    Addresses::api,
                    URI.create("https://discord.com/api"),
                    "Discord's REST API, or a proxy in front of it, without the version.");

    /**
     * Discord counts an IDENTIFY when it arrives, and gw when it is written. The tenth of a second
     * is for two that travel differently fast; without it the later one may arrive inside of the
     * window, and its session is refused.
     */
    static final Setting<Duration> IDENTIFY_INTERVAL =
            Setting.of(
                    Group.DISCORD,
                    "identifyInterval",
                    "--identify-interval=TIME",
                    Readers.duration(Duration.ofMillis(1), Duration.ofMinutes(10)),
                    DISCORD_WINDOW.plusMillis(100),
                    "5.1s",
                    "Time from one identify of a bucket to the next: Discord's 5 seconds and a"
                        + " little for the network. Less than 5s is refused for Discord itself.");

    static final Setting<Integer> IDENTIFY_RESERVE =
            Setting.of(
                    Group.DISCORD,
                    "identifyReserve",
                    "--identify-reserve=COUNT",
                    Readers.whole(0, 100_000),
                    10,
                    "Session starts of the day that new shards leave for sessions which Discord"
                            + " ends.");

    static final Setting<Optional<ControlAddress>> IDENTIFY_AUTHORITY =
            Setting.optional(
                    Group.DISCORD,
                    "identifyAuthority",
                    "--identify-authority=ADDRESS",
                    Addresses::elsewhere,
                    "this gw itself",
                    "The control address of another gw of the same bot that hands out all identify"
                            + " tokens, so that both keep to Discord's limits together. While it"
                            + " can't be reached, nothing identifies.");

    static final Setting<Optional<Integer>> LARGE_THRESHOLD =
            Setting.optional(
                    Group.DISCORD,
                    "largeThreshold",
                    "--large-threshold=MEMBERS",
                    Readers.whole(50, 250),
                    "Discord's, 50",
                    "A guild with more members comes without its offline ones, 50 to 250.");

    static final Setting<Map<String, String>> PROPERTIES =
            Setting.of(
                    Group.DISCORD,
                    "properties",
                    "--properties=PAIRS",
                    Readers::properties,
                    Map.of(),
                    "os=linux,browser=gw,device=gw",
                    "What gw tells Discord about itself: os=..,browser=..,device=..");

    static final Setting<Long> MAX_MESSAGE_BYTES =
            Setting.of(
                    Group.DISCORD,
                    "maxMessageBytes",
                    "--max-message-bytes=SIZE",
                    Readers.bytes(Units.MIB, 256 * Units.MIB),
                    32 * Units.MIB,
                    "32m",
                    "Largest message taken from Discord, after decompression. The largest seen in"
                            + " the wild had 17m. Workers get the heap for it.");

    private BotSettings() {}

    static List<Setting<?>> all() {
        return List.of(
                CONFIG,
                TOKEN,
                TOKEN_FILE,
                SECRET,
                SECRET_FILE,
                URL,
                INTENTS,
                PRESENCE,
                MAX_SHARDS,
                FIRST,
                LAST,
                SHARDS_PER_CLUSTER,
                MAX_CLUSTERS,
                COMPRESS,
                API_URL,
                IDENTIFY_INTERVAL,
                IDENTIFY_RESERVE,
                IDENTIFY_AUTHORITY,
                LARGE_THRESHOLD,
                PROPERTIES,
                MAX_MESSAGE_BYTES);
    }
}
