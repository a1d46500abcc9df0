package gw.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import gw.model.ShardRange;
import gw.supervisor.config.ConfigLoader;
import gw.supervisor.config.Machine;
import gw.supervisor.config.StartOptions;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.exit.UserError;
import gw.supervisor.plan.GatewayBot;
import gw.supervisor.plan.GatewayBotClient;
import gw.supervisor.plan.GenerationSpec;
import gw.supervisor.plan.ToldWait;
import gw.supervisor.state.StateDirectory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Workers that live on need neither Discord's word nor another shard count (P4). */
@Timeout(60)
class BeginningTest {
    private static final String URL = "wss://gateway.test";

    @TempDir private Path dir;

    private final AtomicInteger asked = new AtomicInteger();
    private final Map<String, String> environment = new HashMap<>();
    private HttpServer discord;
    private StateDirectory state;
    private int recommended = 4;

    BeginningTest() throws IOException {
        discord = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() throws UserError {
        discord.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    byte[] answer =
                            ("{\"url\":\""
                                            + URL
                                            + "\",\"shards\":"
                                            + recommended
                                            + ",\"session_start_limit\":{\"total\":1000,"
                                            + "\"remaining\":990,\"reset_after\":1000000,"
                                            + "\"max_concurrency\":1}}")
                                    .getBytes(StandardCharsets.US_ASCII);
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        discord.start();
        environment.put("HOME", dir.toString());
        environment.put("DISCORD_TOKEN", "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.a-token-for-tests");
        environment.put("GW_URL", "http://127.0.0.1:9/");
        environment.put("GW_INTENTS", "1");
        environment.put("GW_STATE_DIR", dir.resolve("state").toString());
        environment.put(
                "GW_API_URL", "http://127.0.0.1:" + discord.getAddress().getPort() + "/api");
        state = StateDirectory.open(dir.resolve("state"), Map.of());
    }

    @AfterEach
    void stop() {
        state.close();
        discord.stop(0);
    }

    @Test
    void withoutWorkersDiscordIsAsked() throws Exception {
        remember(begin().bot());
        recommended = 5;
        Beginning beginning = begin();
        assertThat(beginning.plan().shards().count()).isEqualTo(5);
        assertThat(beginning.remembered()).isFalse();
        assertThat(beginning.shardsHeld()).isZero();
        assertThat(asked).hasValue(2);
    }

    @Test
    void withOneThatFitsWhatDiscordSaidLastIsEnough() throws Exception {
        remember(begin().bot());
        workerLives(4);
        recommended = 5;
        Beginning beginning = begin();
        assertThat(beginning.plan().shards().count()).isEqualTo(4);
        assertThat(beginning.remembered()).isTrue();
        assertThat(beginning.shardsHeld()).isEqualTo(4);
        assertThat(asked).hasValue(1);
    }

    /**
     * P4: every process died a moment ago; the sessions are in the log, and belong to their count.
     */
    @Test
    void whereSessionsMayLiveTheirCountIsKeptAndDiscordIsNotWaitedFor() throws Exception {
        remember(begin().bot());
        Path log = state.logDirectory("198622483471925248");
        Files.createDirectories(log);
        Path segment = Files.createFile(log.resolve("0000000000000001.gwlog"));
        recommended = 5;
        Beginning beginning = begin();
        assertThat(beginning.plan().shards().count()).isEqualTo(4);
        assertThat(beginning.remembered()).isTrue();
        assertThat(asked).hasValue(1);

        environment.put("GW_MAX_SHARDS", "6");
        assertThat(begin().plan().shards().count()).isEqualTo(6);
        environment.remove("GW_MAX_SHARDS");

        Files.setLastModifiedTime(segment, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        assertThat(begin().plan().shards().count()).isEqualTo(5);
    }

    @Test
    void theCountOfTheLivingHoldsWhateverDiscordRecommendsNow() throws Exception {
        workerLives(4);
        recommended = 5;
        Beginning beginning = begin();
        assertThat(beginning.plan().shards().count()).isEqualTo(4);
        assertThat(beginning.remembered()).isFalse();
        assertThat(beginning.shardsHeld()).isEqualTo(4);
    }

    @Test
    void anotherCountTokenOrApiOfTheUsersHolds() throws Exception {
        remember(begin().bot());
        workerLives(4);
        environment.put("GW_MAX_SHARDS", "6");
        assertThat(begin().plan().shards().count()).isEqualTo(6);
        environment.remove("GW_MAX_SHARDS");
        environment.put("DISCORD_TOKEN", "OTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.another-token");
        recommended = 7;
        Beginning beginning = begin();
        assertThat(beginning.plan().shards().count()).isEqualTo(7);
        assertThat(beginning.shardsHeld()).isZero();
        assertThat(asked).hasValue(3);
    }

    /** As the fleet writes it down; its process is this one. */
    private void workerLives(int count) throws Exception {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String ticks = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        Files.writeString(
                state.workersDirectory().resolve("worker-0.json"),
                "{\"version\":1,\"pid\":"
                        + ProcessHandle.current().pid()
                        + ",\"started\":\"ticks:"
                        + ticks
                        + "@"
                        + boot
                        + "\",\"incarnation\":\"i\",\"firstShard\":0,\"lastShard\":"
                        + (count - 1)
                        + ",\"shardCount\":"
                        + count
                        + ",\"configDigest\":\""
                        + new WorkerConfigs(
                                        config(),
                                        new GenerationSpec(
                                                0,
                                                new ShardRange(0, count - 1, count),
                                                0,
                                                config().intents(),
                                                URL))
                                .digest()
                        + "\",\"socket\":\""
                        + state.linkSocket()
                        + "\",\"startedAtMs\":1}");
    }

    private void remember(GatewayBot bot) throws Exception {
        Beginning.cache(config(), state).write(bot);
    }

    private SupervisorConfig config() throws UserError {
        return ConfigLoader.load(new StartOptions(), environment, new Machine(4), dir).config();
    }

    private Beginning begin() throws UserError, InterruptedException {
        SupervisorConfig config = config();
        return Beginning.of(
                config,
                state,
                new GatewayBotClient(
                        config.apiUrl(),
                        config.token(),
                        "DiscordBot (gw, test)",
                        false,
                        Duration.ofSeconds(10),
                        _ -> {},
                        _ -> {},
                        new Random(1),
                        ToldWait.forgotten(config.apiUrl())),
                false);
    }
}
