package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.gateway.GatewayTimings;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** P5: what Discord would punish is punished and counted. */
class StrictnessTest {
    private static final String TOKEN = SimSettings.defaults().token();
    private static final String PROPERTIES =
            "\"properties\":{\"os\":\"l\",\"browser\":\"t\",\"device\":\"t\"}";

    @ParameterizedTest
    @CsvSource({
        "?encoding=json, 4012",
        "?v=9&encoding=json, 4012",
        "?v=10&v=9&encoding=json, 4012",
        "?v=10, 4002",
        "?v=10&encoding=etf, 4002",
        "?v=10&encoding=json&compress=, 4002",
        "?v=10&encoding=json&compress=brotli, 4002"
    })
    void aWrongQueryIsRefused(String query, int code) throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.dial(sim.url(), query).awaitUpgrade();
            assertThat(client.closeCode()).isEqualTo(code);
            assertThat(sim.violations("query_parameters")).isEqualTo(1);
        }
    }

    static Stream<Arguments> refusals() {
        String resume = "{\"op\":6,\"d\":{\"token\":\"%s\",\"session_id\":%s,\"seq\":%s}}";
        return Stream.of(
                Arguments.of("{\"op\":99,\"d\":null}", 4001, "unknown_opcode"),
                Arguments.of("{\"op\":0,\"d\":null}", 4001, "unknown_opcode"),
                Arguments.of("no json", 4002, "undecodable"),
                Arguments.of("[1]", 4002, "undecodable"),
                Arguments.of("{\"d\":null}", 4002, "undecodable"),
                Arguments.of("{\"op\":\"1\",\"d\":null}", 4002, "undecodable"),
                Arguments.of("{\"op\":1,\"op\":1,\"d\":null}", 4002, "undecodable"),
                Arguments.of("{\"op\":1,\"d\":null} {}", 4002, "undecodable"),
                Arguments.of("{\"op\":1,\"d\":\"7\"}", 4002, "undecodable"),
                Arguments.of("{\"op\":1}", 4002, "undecodable"),
                Arguments.of("{\"op\":1,\"d\":null}" + " ".repeat(4097), 4002, "payload_too_large"),
                Arguments.of(" ".repeat(200_000), 4002, "payload_too_large"),
                Arguments.of("{\"op\":3,\"d\":{}}", 4003, "not_authenticated"),
                Arguments.of("{\"op\":4,\"d\":{}}", 4003, "not_authenticated"),
                Arguments.of("{\"op\":8,\"d\":{}}", 4003, "not_authenticated"),
                Arguments.of("{\"op\":31,\"d\":{}}", 4003, "not_authenticated"),
                Arguments.of("{\"op\":43,\"d\":{}}", 4003, "not_authenticated"),
                Arguments.of(identify("\"x\"", "513", "[0,1]", PROPERTIES), 4004, "token"),
                Arguments.of(
                        identify("\"Bot " + TOKEN + "\"", "513", "[0,1]", PROPERTIES),
                        4004,
                        "token"),
                Arguments.of(identify("7", "513", "[0,1]", PROPERTIES), 4002, "undecodable"),
                Arguments.of(identify("513", "[0,1]", "\"properties\":{}"), 4002, "undecodable"),
                Arguments.of(
                        identify("513", "[0,1]", "\"properties\":{\"os\":\"\",\"browser\":\"\"}"),
                        4002,
                        "undecodable"),
                Arguments.of(
                        identify("513", "[0,1]", PROPERTIES + ",\"large_threshold\":251"),
                        4002,
                        "undecodable"),
                Arguments.of(
                        identify("513", "[0,1]", PROPERTIES + ",\"presence\":1"),
                        4002,
                        "undecodable"),
                Arguments.of(
                        identify("513", "[0,1]", PROPERTIES + ",\"compress\":1"),
                        4002,
                        "undecodable"),
                Arguments.of(identify("513", "[1,1]", PROPERTIES), 4010, "shard"),
                Arguments.of(identify("513", "[-1,1]", PROPERTIES), 4010, "shard"),
                Arguments.of(identify("513", "[0]", PROPERTIES), 4010, "shard"),
                Arguments.of(identify("513", "\"0\"", PROPERTIES), 4010, "shard"),
                Arguments.of(identify("null", "[0,1]", PROPERTIES), 4013, "intents"),
                Arguments.of(identify("-1", "[0,1]", PROPERTIES), 4013, "intents"),
                Arguments.of(identify("131072", "[0,1]", PROPERTIES), 4013, "intents"),
                Arguments.of(identify("32768", "[0,1]", PROPERTIES), 4014, "intents"),
                Arguments.of(resume.formatted("x", "\"y\"", "1"), 4004, "token"),
                Arguments.of(resume.formatted(TOKEN, "1", "1"), 4002, "undecodable"),
                Arguments.of(resume.formatted(TOKEN, "\"y\"", "null"), 4002, "undecodable"),
                Arguments.of(resume.formatted(TOKEN, "\"y\"", "-1"), 4002, "undecodable"));
    }

    private static String identify(String intents, String shard, String rest) {
        return identify("\"" + TOKEN + "\"", intents, shard, rest);
    }

    private static String identify(String token, String intents, String shard, String rest) {
        return "{\"op\":2,\"d\":{\"token\":%s,\"intents\":%s,\"shard\":%s,%s}}"
                .formatted(token, intents, shard, rest);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aWrongMessageIsRefused(String message, int code, String violation) throws Exception {
        SimSettings withoutContent =
                TestSim.settings().limited(1000, 1000, SimSettings.KNOWN_INTENTS & ~(1L << 15));
        try (TestSim sim = new TestSim(withoutContent)) {
            RawClient client = sim.connect();
            client.send(message);
            assertThat(client.closeCode()).isEqualTo(code);
            assertThat(sim.discord().stats().violations()).containsOnlyKeys(violation);
            assertThat(sim.discord().stats().identifies()).isZero();
        }
    }

    @Test
    void binaryMessagesAreRefused() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect();
            client.sendBinary("{\"op\":1,\"d\":null}".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.closeCode()).isEqualTo(4002);
            assertThat(sim.violations("undecodable")).isEqualTo(1);
        }
    }

    @Test
    void intentsAreRequired() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect();
            client.send("{\"op\":2,\"d\":{\"token\":\"" + TOKEN + "\"," + PROPERTIES + "}}");
            assertThat(client.closeCode()).isEqualTo(4013);
        }
    }

    @Test
    void payloadCompressionExcludesTransportCompression() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect(sim.url(), TestSim.QUERY + "&compress=zlib-stream");
            client.send(RawClient.identifyJson(TOKEN, 0, 1, "\"compress\":true,"));
            assertThat(client.closeCode()).isEqualTo(4002);
            assertThat(sim.violations("query_parameters")).isEqualTo(1);
        }
    }

    @Test
    void identifyTwiceIsRefusedAndTheSessionLives() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            client.identify(TOKEN, 0, 1);
            assertThat(client.closeCode()).isEqualTo(4005);
            assertThat(sim.violations("already_authenticated")).isEqualTo(1);
            RawClient next = sim.connect();
            next.resume(TOKEN, client.sessionId(), 11);
            assertThat(next.nextOp(0).name()).isEqualTo("RESUMED");
        }
    }

    @Test
    void moreThan2500GuildsOnAShardAreRefused() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().sized(2, 1, 2501))) {
            RawClient client = sim.connect();
            client.identify(TOKEN, 0, 1);
            assertThat(client.closeCode()).isEqualTo(4011);
            RawClient sharded = sim.connect();
            sharded.identify(TOKEN, 1, 2);
            assertThat(sharded.awaitReady()).hasSizeGreaterThan(1000);
        }
    }

    @Test
    void theThirdBucketIsFreeWhileTheFirstWaits() throws Exception {
        SimSettings buckets =
                TestSim.settings()
                        .sized(4, 2, 0)
                        .timed(Duration.ofMinutes(1), Duration.ofSeconds(41));
        try (TestSim sim = new TestSim(buckets)) {
            assertThat(sim.ready(0, 4).sessionId()).isNotEmpty();
            assertThat(sim.ready(1, 4).sessionId()).isNotEmpty();
            assertThat(sim.discord().stats().violations()).isEmpty();
            RawClient early = sim.connect();
            early.identify(TOKEN, 2, 4);
            assertThat(early.next().json().toString())
                    .isEqualTo("{\"t\":null,\"s\":null,\"op\":9,\"d\":false}");
            assertThat(sim.violations("identify_too_fast")).isEqualTo(1);
            assertThat(sim.discord().stats().identifies()).isEqualTo(2);
            assertThat(early.isOpen()).isTrue();
        }
    }

    @Test
    void theSessionStartLimitIsKept() throws Exception {
        try (TestSim sim =
                new TestSim(TestSim.settings().limited(1000, 1, SimSettings.KNOWN_INTENTS))) {
            assertThat(sim.ready(0, 1).sessionId()).isNotEmpty();
            assertThat(sim.discord().stats().startsRemaining()).isZero();
            RawClient over = sim.connect();
            over.identify(TOKEN, 0, 1);
            assertThat(over.closeCode()).isEqualTo(4004);
            assertThat(sim.violations("identify_over_limit")).isEqualTo(1);
        }
    }

    @Test
    void the121stMessageWithinAMinuteIsOneTooMany() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.connect();
            for (int i = 0; i < 120; i++) {
                client.send("{\"op\":1,\"d\":null}");
            }
            for (int i = 0; i < 120; i++) {
                assertThat(client.next().op()).isEqualTo(11);
            }
            assertThat(sim.discord().stats().violations()).isEmpty();
            client.send("{\"op\":1,\"d\":null}");
            assertThat(client.closeCode()).isEqualTo(4008);
            assertThat(sim.violations("send_rate")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"heartbeat", "resume"})
    void aSequenceThatWasNeverSentIsRefused(String where) throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            RawClient liar = client;
            if (where.equals("heartbeat")) {
                client.heartbeat(11);
                client.nextOp(11);
                client.heartbeat(12);
            } else {
                liar = sim.connect();
                liar.resume(TOKEN, client.sessionId(), 12);
            }
            assertThat(liar.closeCode()).isEqualTo(4007);
            assertThat(sim.violations("sequence_from_the_future")).isEqualTo(1);
            assertThat(sim.discord().ledger().lostSessions()).containsExactly(client.sessionId());
            RawClient next = sim.connect();
            next.resume(TOKEN, client.sessionId(), 11);
            assertThat(next.next().op()).isEqualTo(9);
        }
    }

    @Test
    void missedHeartbeatsEndTheSession() throws Exception {
        SimSettings fast = TestSim.settings().timed(Duration.ZERO, Duration.ofMillis(200));
        try (TestSim sim = new TestSim(fast, hasty())) {
            RawClient client = sim.ready(0, 1);
            assertThat(client.closeCode()).isEqualTo(4009);
            assertThat(sim.violations("heartbeat_missed")).isEqualTo(1);
            assertThat(sim.discord().ledger().lostSessions()).containsExactly(client.sessionId());
        }
    }

    @Test
    void whoNeverIdentifiesIsSentAway() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings(), hasty())) {
            RawClient client = sim.connect();
            assertThat(client.closeCode()).isEqualTo(4009);
            assertThat(sim.discord().stats().violations()).isEmpty();
        }
    }

    private static GatewayTimings hasty() {
        return new GatewayTimings(
                Duration.ofMillis(700),
                Duration.ofMillis(200),
                Duration.ofMinutes(3),
                Duration.ofSeconds(2));
    }

    @Test
    void comingBackAfterAFatalCloseIsALoop() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            for (int i = 0; i < 2; i++) {
                RawClient client = sim.connect();
                client.identify("wrong", 0, 1);
                assertThat(client.closeCode()).isEqualTo(4004);
            }
            assertThat(sim.violations("reconnect_after_fatal_close")).isEqualTo(1);
            RawClient other = sim.connect();
            other.identify("wrong", 1, 2);
            assertThat(other.closeCode()).isEqualTo(4004);
            assertThat(sim.violations("reconnect_after_fatal_close")).isEqualTo(1);
        }
    }

    @Test
    void commandsOfAReadyShardAreTaken() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            long guild = sim.discord().guildIds().getFirst();
            client.send("{\"op\":3,\"d\":{}}");
            client.send("{\"op\":4,\"d\":{}}");
            client.send("{\"op\":43,\"d\":{}}");
            client.send("{\"op\":31,\"d\":{\"guild_ids\":[\"" + guild + "\"]}}");
            client.send(
                    "{\"op\":8,\"d\":{\"guild_id\":\"%d\",\"query\":\"\",\"limit\":0,\"nonce\":\"n\"}}"
                            .formatted(guild));
            List<RawClient.Payload> answers = client.dispatches(2);
            assertThat(answers.getFirst().name()).isEqualTo("SOUNDBOARD_SOUNDS");
            assertThat(answers.getLast().name()).isEqualTo("GUILD_MEMBERS_CHUNK");
            assertThat(answers.getLast().d().path("nonce").asString()).isEqualTo("n");
            assertThat(sim.discord().stats().violations()).isEmpty();
        }
    }

    @Test
    void aMalformedMemberRequestCostsTheSession() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            client.send("{\"op\":8,\"d\":{\"guild_id\":\"1\"}}");
            assertThat(client.nextOp(9).d().asBoolean()).isFalse();
            assertThat(sim.discord().ledger().lostSessions()).containsExactly(client.sessionId());
        }
    }
}
