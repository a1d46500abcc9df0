package gw.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** The command as a process: for people, and for the parent that embeds it. */
class SimProcessTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void embeddedItSpeaksInLinesAndOutlivesCtrlC() throws Exception {
        try (SimProcess sim = new SimProcess("--embedded", "--token", "not-this-one");
                SimProcess other = new SimProcess("--embedded")) {
            JsonNode ready = JSON.readTree(sim.nextLine());
            assertThat(ready.path("apiUrl").asString("")).matches("http://127.0.0.1:\\d+/api");
            assertThat(ready.path("botUrl").asString("")).matches("http://127.0.0.1:\\d+/events");
            assertThat(ready.path("token").asString("")).hasSizeGreaterThan(30);
            assertThat(ready.path("secret").asString("")).hasSizeGreaterThan(30);
            // P8: random on each run, never from argv.
            assertThat(JSON.readTree(other.nextLine()).path("token"))
                    .isNotEqualTo(ready.path("token"));

            sim.interrupt();

            JsonNode stats = JSON.readTree(sim.ask("stats"));
            assertThat(stats.propertyNames()).contains("sent", "received", "violations");
            assertThat(JSON.readTree(sim.ask("nonsense")).path("error").asString(""))
                    .contains("expected: stats, quiesce, finish");
            assertThat(sim.ask("quiesce")).isEqualTo("{\"quiet\":true}");
            JsonNode end = JSON.readTree(sim.ask("finish"));
            assertThat(end.path("balanced").asBoolean(false)).isTrue();
            assertThat(end.propertyNames())
                    .contains(
                            "sent",
                            "received",
                            "redelivered",
                            "missing",
                            "outOfOrder",
                            "corrupted",
                            "violations",
                            "explain");
            assertThat(sim.awaitExit()).isZero();

            other.endOfInput();
            assertThat(other.awaitExit()).isZero();
        }
    }

    @Test
    void endsWithASummaryAtSigterm() throws Exception {
        try (SimProcess sim = new SimProcess("--bot")) {
            assertThat(sim.nextLine()).startsWith("gw sim: a strict fake Discord");
            assertThat(sim.nextLine()).contains("http://127.0.0.1:");
            sim.terminate();

            assertThat(sim.awaitExit()).isZero();
            assertThat(sim.rest())
                    .contains("violations  none", "balance     balanced: sent 0")
                    .containsPattern(
                            "DISCORD_TOKEN=sim-token gw start --api-url http://127.0.0.1:\\d+/api"
                                    + " --intents GUILDS,GUILD_MESSAGES"
                                    + " --url http://127.0.0.1:\\d+/events");
        }
    }

    @Test
    void endsAfterItsDurationInJson() throws Exception {
        try (SimProcess sim = new SimProcess("--json", "--duration", "200ms", "--token", "word")) {
            JsonNode ready = JSON.readTree(sim.nextLine());
            assertThat(ready.path("token").asString("")).isEqualTo("word");
            JsonNode summary = JSON.readTree(sim.nextLine());

            assertThat(summary.path("identifies").asInt(-1)).isZero();
            assertThat(summary.path("violations").isEmpty()).isTrue();
            assertThat(sim.awaitExit()).isZero();
        }
    }

    @Test
    void aViolationIsExitCodeOne() throws Exception {
        try (SimProcess sim = new SimProcess("--json")) {
            JsonNode ready = JSON.readTree(sim.nextLine());
            try (WrongClient client = new WrongClient()) {
                client.say(
                        URI.create(ready.path("apiUrl").asString("")),
                        "{\"op\":6,\"d\":{\"token\":\"wrong\",\"session_id\":\"x\",\"seq\":1}}");
                assertThat(client.closed.await(20, TimeUnit.SECONDS)).isTrue();
            }
            sim.terminate();

            assertThat(sim.awaitExit()).isEqualTo(1);
            assertThat(sim.rest()).contains("\"violations\":{\"token\":1}");
        }
    }

    @Test
    void saysWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SimProcess sim = new SimProcess("--port", Integer.toString(taken.getLocalPort()));
                SimProcess bot =
                        new SimProcess(
                                "--bot", "--bot-port", Integer.toString(taken.getLocalPort()))) {
            assertThat(sim.awaitExit()).isEqualTo(8);
            assertThat(sim.rest())
                    .contains("gw sim: --port: port " + taken.getLocalPort(), "Choose another port")
                    .doesNotContain("\tat ");
            assertThat(bot.awaitExit()).isEqualTo(8);
            assertThat(bot.rest()).contains("gw sim: --bot-port: port " + taken.getLocalPort());
        }
    }
}
