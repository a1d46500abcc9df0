package gw.supervisor.config;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.Secret;
import gw.model.TransportCompression;
import gw.supervisor.delivery.BatchSettings;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.log.LogSettings;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What is chosen where, what wins, and what holds when nothing is chosen. */
class ConfigLoaderTest {
    @TempDir private Path dir;
    private Loads loads;

    @BeforeEach
    void setUp() {
        loads = new Loads(dir);
    }

    @Test
    void fallsBackToSaneDefaults() throws UserError {
        Loaded loaded = loads.load(Loads.ENOUGH);
        SupervisorConfig config = loaded.config();
        assertThat(config.token().reveal()).isEqualTo(Loads.TOKEN);
        assertThat(config.url()).isEqualTo(URI.create("http://127.0.0.1:1/e"));
        assertThat(config.secret()).isEmpty();
        assertThat(config.intents()).isEqualTo(1);
        assertThat(config.compression()).isEqualTo(TransportCompression.ZLIB_STREAM);
        assertThat(config.maxShards()).isEmpty();
        assertThat(config.firstShard()).isEmpty();
        assertThat(config.lastShard()).isEmpty();
        assertThat(config.shardsPerCluster()).isEqualTo(25);
        assertThat(config.maxClusters()).isEqualTo(Loads.MACHINE.cores());
        assertThat(config.apiUrl()).isEqualTo(URI.create("https://discord.com/api"));
        assertThat(config.identifyInterval()).isEqualTo(Duration.ofMillis(5_100));
        assertThat(config.identifyReserve()).isEqualTo(10);
        assertThat(config.presence()).isEmpty();
        assertThat(config.largeThreshold()).isEmpty();
        assertThat(config.properties()).containsOnlyKeys("os", "browser", "device");
        assertThat(config.stateDir()).isEqualTo(Path.of("/home/somebody/.local/state/gw"));
        assertThat(config.control()).isEmpty();
        assertThat(config.waitForDiscord()).isTrue();
        assertThat(config.identifyAuthority()).isEmpty();
        assertThat(config.reshard())
                .isEqualTo(
                        new ReshardConfig(
                                true,
                                80,
                                Duration.ofHours(1),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(10),
                                false));
        assertThat(config.deliveryConcurrency()).isEqualTo(64);
        assertThat(config.batches()).isEqualTo(new BatchSettings(1, Duration.ofMillis(2)));
        assertThat(config.deliveryTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.queue().maxBytes()).isEqualTo(4L << 30);
        assertThat(config.queue().maxEvents()).isEqualTo(1_000_000_000L);
        assertThat(config.deferInteractions()).isEqualTo(DeferInteractions.OFF);
        assertThat(config.deferAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.workerTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.workerHeapMegabytes()).isEmpty();
        assertThat(config.maxMessageBytes()).isEqualTo(32L << 20);
        assertThat(loaded.warnings()).isEmpty();
        assertThat(loaded.sim()).isEmpty();
        assertThat(loaded.dryRun()).isFalse();
        assertThat(loaded.plain()).isFalse();
        assertThat(loaded.verbose()).isFalse();
    }

    @Test
    void takesEveryOption() throws UserError {
        loads.file("t", Loads.TOKEN + "\n");
        loads.file("s", "hush\n");
        Loaded loaded =
                loads.load(
                        Map.of(),
                        "--token-file=t",
                        "--secret-file=s",
                        "--url=https://bot.example/e?x=1",
                        "--intents=GUILDS,GuildMessages,0x1000",
                        "--compress=zstd-stream",
                        "--max-shards=885",
                        "--first=100",
                        "--last=124",
                        "--shards-per-cluster=5",
                        "--max-clusters=46",
                        "--api-url=http://proxy:8080/api/",
                        "--identify-interval=1s",
                        "--identify-reserve=0",
                        "--presence={\"status\":\"idle\"}",
                        "--large-threshold=250",
                        "--properties=os=plan9,browser=mosaic",
                        "--state-dir=state",
                        "--control=127.0.0.1:0",
                        "--dry-run",
                        "--no-wait",
                        "--reshard",
                        "--reshard-percentage=90",
                        "--reshard-check=24h",
                        "--reshard-overlap=500ms",
                        "--reshard-timeout=5s",
                        "--reshard-start-events",
                        "--identify-authority=127.0.0.1:7625",
                        "--delivery-concurrency=1",
                        "--batch-max=7",
                        "--batch-linger=0ms",
                        "--delivery-timeout=500ms",
                        "--queue-max-bytes=1Mi",
                        "--queue-max-events=1",
                        "--queue-max-age=2h",
                        "--ttl=INTERACTION_CREATE=15m,TYPING_START=30s",
                        "--queue-full=pause",
                        "--catch-up=interactions-first",
                        "--fsync=always",
                        "--defer-interactions=public",
                        "--defer-after=500ms",
                        "--worker-timeout=1m",
                        "--orphan-timeout=7s",
                        "--worker-heap=96",
                        "--max-message-bytes=256m",
                        "--plain",
                        "-v");
        SupervisorConfig config = loaded.config();
        assertThat(config)
                .isEqualTo(
                        new SupervisorConfig(
                                Secret.of(Loads.TOKEN),
                                URI.create("https://bot.example/e?x=1"),
                                Optional.of(Secret.of("hush")),
                                0x1201,
                                TransportCompression.ZSTD_STREAM,
                                OptionalInt.of(885),
                                OptionalInt.of(100),
                                OptionalInt.of(124),
                                5,
                                46,
                                URI.create("http://proxy:8080/api"),
                                Duration.ofSeconds(1),
                                0,
                                Optional.of(new ControlAddress.Tcp("127.0.0.1", 7625)),
                                Optional.of("{\"status\":\"idle\"}"),
                                OptionalInt.of(250),
                                Map.of("os", "plan9", "browser", "mosaic", "device", "gw"),
                                dir.resolve("state"),
                                Optional.of(new ControlAddress.Tcp("127.0.0.1", 0)),
                                false,
                                new ReshardConfig(
                                        true,
                                        90,
                                        Duration.ofHours(24),
                                        Duration.ofMillis(500),
                                        Duration.ofSeconds(5),
                                        true),
                                1,
                                new BatchSettings(7, Duration.ZERO),
                                Duration.ofMillis(500),
                                new QueueConfig(
                                        1 << 20,
                                        1,
                                        Optional.of(Duration.ofHours(2)),
                                        Map.of(
                                                "INTERACTION_CREATE",
                                                Duration.ofMinutes(15),
                                                "TYPING_START",
                                                Duration.ofSeconds(30)),
                                        LogSettings.WhenFull.PAUSE,
                                        LogSettings.CatchUp.INTERACTIONS_FIRST,
                                        LogSettings.Fsync.ALWAYS),
                                DeferInteractions.PUBLIC,
                                Duration.ofMillis(500),
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(7),
                                OptionalInt.of(96),
                                256 << 20));
        assertThat(loaded.dryRun()).isTrue();
        assertThat(loaded.plain()).isTrue();
        assertThat(loaded.verbose()).isTrue();
        assertThat(loaded.warnings()).isEmpty();
    }

    @Test
    void commandLineWinsOverEnvironmentWinsOverFile() throws UserError {
        loads.file("gw.yaml", "maxShards: 1\nqueueMaxEvents: 10\nreshardPercentage: 30\n");
        Map<String, String> environment = Loads.with("GW_MAX_SHARDS", "2");
        environment.put("GW_QUEUE_MAX_EVENTS", "20");
        environment.put("GW_CONFIG", "gw.yaml");
        Loaded loaded = loads.load(environment, "--max-shards", "3");
        assertThat(loaded.config().maxShards()).hasValue(3);
        assertThat(loaded.config().queue().maxEvents()).isEqualTo(20);
        assertThat(loaded.config().reshard().percentage()).isEqualTo(30);
        assertThat(loaded.origins())
                .contains(
                        "maxShards = 3 (--max-shards)",
                        "queueMaxEvents = 20 (GW_QUEUE_MAX_EVENTS)",
                        "reshardPercentage = 30 (reshardPercentage in gw.yaml, line 3)",
                        "config = gw.yaml (GW_CONFIG)",
                        "token = *** (DISCORD_TOKEN)");
    }

    @Test
    void aSwitchCanBeTurnedOffAboveTheFile() throws UserError {
        loads.file("gw.yaml", "reshard: true\nplain: yes\n");
        assertThat(loads.config("--config=gw.yaml").reshard().automatic()).isTrue();
        assertThat(loads.config("--config=gw.yaml", "--no-reshard").reshard().automatic())
                .isFalse();
        Map<String, String> off = Loads.with("GW_PLAIN", "off");
        assertThat(loads.load(off, "--config=gw.yaml").plain()).isFalse();
    }

    @Test
    void deferringIsOffEphemeralOrPublic() throws UserError {
        loads.file("gw.yaml", "deferInteractions: Ephemeral\ndeferAfter: 2.5s\n");
        SupervisorConfig config = loads.config("--config=gw.yaml");
        assertThat(config.deferInteractions()).isEqualTo(DeferInteractions.EPHEMERAL);
        assertThat(config.deferAfter()).isEqualTo(Duration.ofMillis(2_500));
        loads.file("gw.yaml", "deferInteractions: off\n");
        assertThat(loads.config("--config=gw.yaml").deferInteractions())
                .isEqualTo(DeferInteractions.OFF);
        loads.file("gw.yaml", "deferInteractions: false\n");
        assertThat(loads.config("--config=gw.yaml").deferInteractions())
                .isEqualTo(DeferInteractions.OFF);
        assertThat(loads.load(Loads.with("GW_DEFER_AFTER", "1s")).warnings())
                .containsExactly("GW_DEFER_AFTER is ignored without --defer-interactions");
    }

    /** P5: nobody hands out identify tokens by asking itself for them. */
    @Test
    void theIdentifyAuthorityIsAnotherOne() throws UserError {
        assertThat(loads.config("--identify-authority=./other.sock").identifyAuthority())
                .contains(new ControlAddress.Unix(dir.resolve("other.sock")));
        assertThat(loads.refused("--control=./gw.sock", "--identify-authority=./gw.sock"))
                .hasMessage("--identify-authority: ./gw.sock is this gw's own control address");
    }

    @Test
    void anEmptyVariableIsNone() throws UserError {
        assertThat(loads.load(Loads.with("GW_MAX_SHARDS", "")).config().maxShards()).isEmpty();
    }

    @Test
    void warnsOfVariablesThatGwDoesNotKnow() throws UserError {
        Map<String, String> environment = Loads.with("GW_MAX_SHARD", "2");
        environment.put("GW_TOKEN", Loads.TOKEN);
        environment.put("GW_WHATEVER_THIS_IS", "2");
        environment.put("GW_JAVA_OPTS", "-Xmx1g");
        environment.put("GW_JDK_PLACES", "/opt/jdks");
        assertThat(loads.load(environment).warnings())
                .containsExactly(
                        "there is no variable GW_MAX_SHARD, it was ignored; did you mean"
                                + " GW_MAX_SHARDS?",
                        "there is no variable GW_TOKEN, it was ignored; did you mean"
                                + " DISCORD_TOKEN?",
                        "there is no variable GW_WHATEVER_THIS_IS, it was ignored");
    }

    @Test
    void saysAllThatIsMissingAtOnce() {
        UserError error = loads.refused(Map.of());
        assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
        assertThat(error).hasMessage("no bot token, no URL to deliver to, no intents");
        assertThat(error.advice())
                .contains("DISCORD_TOKEN", "--token-file", "--url", "--intents", "--sim");
    }

    @Test
    void aMistakeComesBeforeWhatIsMissing() {
        assertThat(loads.refused(Map.of(), "--max-shards=0"))
                .hasMessageStartingWith("--max-shards: 0");
    }

    @ParameterizedTest
    @CsvSource({
        "DISCORD_TOKEN, no bot token, --token-file",
        "GW_URL, no URL to deliver to, --url",
        "GW_INTENTS, no intents, --intents"
    })
    void saysHowToGiveWhatIsMissing(String name, String message, String advice) {
        UserError error = loads.refused(Loads.without(name));
        assertThat(error).hasMessage(message);
        assertThat(error.advice()).contains(advice);
    }

    @Test
    void refusesARangeOutsideOfTheCountWithTheThreeNumbers() {
        assertThat(loads.refused("--max-shards=10", "--first=5", "--last=10"))
                .hasMessageContaining("5..10")
                .hasMessageContaining("count of 10");
        assertThat(loads.refused("--first=5", "--last=4"))
                .hasMessage("--last: 4 (expected: at least the first shard, 5)");
    }

    @Test
    void warnsOfAPartWithoutACount() throws UserError {
        assertThat(loads.load(Loads.ENOUGH, "--first=5").warnings())
                .singleElement()
                .asString()
                .contains("without max-shards");
    }

    @Test
    void keepsTheIdentifyIntervalAtDiscordsWindow() throws UserError {
        assertThat(loads.refused("--identify-interval=4999ms"))
                .hasMessage("--identify-interval: 4999ms (expected: at least 5s with discord.com)");
        assertThat(
                        loads.refused(
                                "--identify-interval=1s",
                                "--api-url=https://canary.discord.com/api"))
                .hasMessageContaining("canary.discord.com");
        assertThat(loads.config("--identify-interval=5s").identifyInterval()).hasSeconds(5);
        assertThat(
                        loads.config(
                                        "--identify-interval=50ms",
                                        "--api-url=http://notdiscord.com/api")
                                .identifyInterval())
                .hasMillis(50);
    }

    @Test
    void theSimNeedsNoTokenUrlOrIntents() throws UserError {
        Loaded loaded =
                loads.load(
                        Map.of(),
                        "--sim",
                        "--sim-shards=8",
                        "--sim-rate=0",
                        "--sim-guilds=20",
                        "--identify-interval=10ms");
        assertThat(loaded.sim())
                .contains(
                        new Loaded.Sim(
                                OptionalInt.of(8), OptionalInt.of(0), OptionalInt.of(20), false));
        assertThat(loaded.config().intents()).isEqualTo(Intents.all());
        SupervisorConfig config =
                loaded.config()
                        .withSim(
                                Secret.of("t"),
                                URI.create("http://127.0.0.1:1/api"),
                                URI.create("http://127.0.0.1:2/"),
                                Optional.of(Secret.of("s")));
        assertThat(config.token().reveal()).isEqualTo("t");
        assertThat(config.apiUrl()).hasPort(1);
        assertThat(config.url()).hasPort(2);
        assertThat(config.secret().orElseThrow().reveal()).isEqualTo("s");
        assertThat(config.identifyInterval()).hasMillis(10);
    }

    /** The real token has no business with a fake Discord (P8). */
    @Test
    void theSimNeverSeesTheRealToken() throws UserError {
        Loaded loaded = loads.load(Loads.ENOUGH, "--sim", "--api-url=https://discord.com/api");
        assertThat(loaded.config().token().reveal()).isNotEqualTo(Loads.TOKEN);
        assertThat(loaded.config().apiUrl()).hasHost("sim.invalid");
        // A URL in the environment is the real bot's; only one that is asked for gets the sim's
        // events.
        assertThat(loaded.sim().orElseThrow().ownUrl()).isFalse();
        assertThat(
                        loads.load(Loads.ENOUGH, "--sim", "--url=http://127.0.0.1:1/")
                                .sim()
                                .orElseThrow()
                                .ownUrl())
                .isTrue();
        assertThat(loaded.warnings())
                .containsExactly("--api-url is ignored with --sim: the sim is Discord");
    }

    @Test
    void theSimsOptionsNeedTheSim() {
        assertThat(loads.refused("--sim-rate=5"))
                .hasMessage("--sim-rate has a meaning only with --sim");
    }

    @Test
    void warnsOfAControlApiThatOthersCanReach() throws UserError {
        assertThat(loads.load(Loads.ENOUGH, "--control=0.0.0.0:7625").warnings())
                .singleElement()
                .asString()
                .contains("no password", "0.0.0.0:7625");
        assertThat(loads.load(Loads.ENOUGH, "--control=localhost:7625").warnings()).isEmpty();
        assertThat(loads.load(Loads.ENOUGH, "--control=[::1]:7625").warnings()).isEmpty();
    }
}
