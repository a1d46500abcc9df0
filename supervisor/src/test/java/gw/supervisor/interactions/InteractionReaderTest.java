package gw.supervisor.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Bytes from outside give the facts or nothing, never an exception, and never show a token (P8).
 */
class InteractionReaderTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String GOOD =
            "{\"t\":\"INTERACTION_CREATE\",\"s\":4,\"op\":0,\"d\":{\"version\":1,\"type\":2,"
                    + "\"token\":\"aW50.x-y_z=~\",\"member\":{\"id\":\"9\",\"type\":7},"
                    + "\"id\":\"1234567890123456789\",\"data\":[{\"id\":\"8\"}]}}";

    private static Optional<InteractionFacts> read(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return InteractionReader.read(bytes, 0, bytes.length);
    }

    @Test
    void findsWhatItNeedsAndShowsNoToken() {
        InteractionFacts facts = read(GOOD).orElseThrow();
        assertThat(facts.id()).isEqualTo("1234567890123456789");
        assertThat(facts.type()).isEqualTo(2);
        assertThat(facts.token().reveal()).isEqualTo("aW50.x-y_z=~");
        assertThat(facts.toString()).doesNotContain("aW50");
    }

    @Test
    void readsFromTheMiddleOfAnArray() {
        byte[] bytes = ("}}" + GOOD + "{{").getBytes(StandardCharsets.UTF_8);
        assertThat(InteractionReader.read(bytes, 2, bytes.length - 4)).isPresent();
    }

    @Test
    void readsWhatTheSimSends() {
        RealisticEvents events = new RealisticEvents(6);
        int seen = 0;
        for (int i = 0; i < 5_000; i++) {
            SimEvent event = events.next(613_425_648_685_547_541L);
            if (event.name().equals("INTERACTION_CREATE")) {
                seen++;
                String data = new String(event.data(), StandardCharsets.UTF_8);
                InteractionFacts facts = read("{\"op\":0,\"d\":" + data + "}").orElseThrow();
                JsonNode tree = JSON.readTree(data);
                assertThat(facts.id()).isEqualTo(tree.path("id").asString());
                assertThat(facts.type()).isEqualTo(tree.path("type").asInt());
                assertThat(facts.token().reveal()).isEqualTo(tree.path("token").asString());
            }
        }
        assertThat(seen).isGreaterThan(50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"d\"",
                "{}",
                "{\"d\":null}",
                "{\"d\":[{\"id\":\"1\",\"token\":\"t\",\"type\":2}]}",
                "{\"d\":{\"id\":1,\"token\":\"t\",\"type\":2}}",
                "{\"d\":{\"id\":\"1\",\"token\":\"t\",\"type\":\"2\"}}",
                "{\"d\":{\"id\":\"1\",\"token\":\"t\",\"type\":-2}}",
                "{\"d\":{\"id\":\"1\",\"token\":\"t\",\"type\":99999999999999999999}}",
                "{\"d\":{\"id\":\"1\",\"token\":\"t\",\"type\":2.0}}",
                "{\"d\":{\"id\":\"1\",\"token\":{\"id\":\"2\"},\"type\":2}}",
                "{\"d\":{\"id\":\"1/../2\",\"token\":\"t\",\"type\":2}}",
                "{\"d\":{\"id\":\"1\",\"token\":\"t/x\",\"type\":2}}",
                "{\"d\":{\"id\":\"1\",\"token\":\"t?x\",\"type\":2}}",
                "{\"d\":{\"id\":\"1\",\"token\":\"t\\r\\nx\",\"type\":2}}",
                "{\"d\":{\"id\":\"1\",\"token\":\"\",\"type\":2}}",
                "{\"d\":{\"id\":\"123456789012345678901\",\"token\":\"t\",\"type\":2}}",
                "{\"x\":{\"id\":\"1\",\"token\":\"t\",\"type\":2}}",
                "{\"d\":{\"data\":{\"id\":\"1\",\"token\":\"t\",\"type\":2}}}"
            })
    void whatIsNoInteractionGivesNothing(String text) {
        assertThat(read(text)).isEmpty();
    }

    @Test
    void whatIsCutOffGivesNothingOrWhatWasThere() {
        int facts = GOOD.indexOf("789\"") + 3;
        for (int length = 0; length < GOOD.length(); length++) {
            assertThat(read(GOOD.substring(0, length)).isPresent()).isEqualTo(length > facts);
        }
    }

    @Test
    void survivesFlippedBytes() {
        SplittableRandom random = new SplittableRandom(3);
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            var _ = InteractionReader.read(bytes, 0, bytes.length);
        }
    }

    @Test
    void bombsGiveNothing() {
        assertThat(read("{\"d\":" + "[".repeat(500_000))).isEmpty();
        assertThat(read("{\"d\":{\"a\":" + "{\"b\":".repeat(150_000))).isEmpty();
        assertThat(read("{\"d\":{\"token\":\"" + "a".repeat(900_000) + "\"}}")).isEmpty();
        assertThat(read("{\"d\":{\"id\":\"" + "1".repeat(900_000) + "\"}}")).isEmpty();
        assertThat(read("{\"d\":{\"type\":" + "1".repeat(900_000) + "}}")).isEmpty();
        String padding = "\"x\":\"" + "a".repeat(InteractionReader.MAX_PAYLOAD_BYTES) + "\",";
        assertThat(read(GOOD.replace("\"version\"", padding + "\"version\""))).isEmpty();
    }
}
