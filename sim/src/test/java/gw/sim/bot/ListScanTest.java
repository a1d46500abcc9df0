package gw.sim.bot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What is a list of events, and what only looks like one. */
class ListScanTest {
    private static final String DATA =
            "{\"t\":\"A\",\"d\":{\"x\":[1,{\"y\":\"}]\\\\\"},[]],\"z\":\"\\\"},{\"}}";
    private static final String ITEM =
            "{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":" + DATA + "}";
    private static final String DEFERRED =
            "{\"shardId\":12,\"shardCount\":345,\"id\":\"a.b:6789\",\"deferred\":5,\"data\":{\"t\":\"B\"}}";

    private final ListScan scan = new ListScan();
    private final List<Delivery> found = new ArrayList<>();

    private Optional<SenderFault> read(byte[] body, int size) {
        found.clear();
        return scan.read(body, body.length, size, 1, found);
    }

    private Optional<SenderFault> read(String body, int size) {
        return read(body.getBytes(StandardCharsets.UTF_8), size);
    }

    @Test
    void findsEachEventAndItsPayload() {
        String body = "[" + ITEM + "," + DEFERRED + "]";

        assertThat(read(body, 2)).isEmpty();

        assertThat(found)
                .extracting(Delivery::head)
                .containsExactly(
                        new EventHead("s:1", "A", 0, 1, 1, 0),
                        new EventHead("a.b:6789", "B", 12, 345, 1, 5));
        assertThat(found)
                .extracting(one -> body.substring(one.from(), one.to()))
                .containsExactly(DATA, "{\"t\":\"B\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\":\"A\"}",
                "{ \"t\" : \"A\" }",
                "{\"d\":{\"t\":\"B\"},\"t\":\"A\",\"s\":\"t\"}",
                "{\"s\":\"t\",\"x\":\"B\",\"t\":\"A\"}",
                "{\"x\":[\"t\",\"B\"],\"t\":\"A\",\"y\":[{\"t\":\"C\"}]}"
            })
    void theNameIsThePayloadsOwn(String data) {
        assertThat(read("[" + ITEM.replace(DATA, data) + "]", 1)).isEmpty();
        assertThat(found.getFirst().head().name()).isEqualTo("A");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "[]",
                "{}",
                "null",
                " [ITEM]",
                "[ITEM] ",
                "[ITEM]]",
                "[ITEM ]",
                "[ITEM",
                "[,ITEM]",
                "[ITEM}]",
                "ITEM",
                "[{\"shardId\":0,\"data\":{\"t\":\"A\"}}]",
                "[{\"shardCount\":1,\"shardId\":0,\"id\":\"s:1\",\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":,\"shardCount\":1,\"id\":\"s:1\",\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":0,\"shardCount\":0,\"id\":\"s:1\",\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":9999999999,\"shardCount\":1,\"id\":\"s:1\",\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s\",\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\":1\",\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s s:1\",\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s\\\\:1\",\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"deferred\":0,\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"deferred\":,\"data\":{\"t\":\"A\"}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":[]}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":{}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":{\"t\":null}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":{\"t\":\"A\"}}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":{\"t\":\"A\"}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":{\"t\":\"A\",\"d\":[}]}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":{\"t\":\"A\",\"d\":\"}}]",
                "[{\"shardId\":0,\"shardCount\":1,\"id\":\"s:1\",\"data\":{\"t\":\"A\\"
            })
    void takesNothingElseForAList(String body) {
        assertThat(read(body.replace("ITEM", ITEM), 1)).as(body).hasValue(SenderFault.BODY);
    }

    @Test
    void countsNeitherLessNorMoreThanItWasTold() {
        assertThat(read("[" + ITEM + "]", 2)).hasValue(SenderFault.BATCH_SIZE);
        assertThat(read("[" + ITEM + "," + ITEM + "]", 1)).hasValue(SenderFault.BATCH_SIZE);
        // No more is looked at than was announced.
        assertThat(found).hasSize(1);
        assertThat(read("[" + ITEM + ",]", 2)).hasValue(SenderFault.BODY);
    }

    /** Wherever a body is cut, and whichever byte of a frame is another, it is no list any more. */
    @Test
    void nothingThatIsCutOrSpoiledIsTakenForWhole() {
        byte[] body = ("[" + ITEM + "," + DEFERRED + "]").getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < body.length; length++) {
            found.clear();
            assertThat(scan.read(body, length, 2, 1, found)).as("cut at %s", length).isPresent();
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            byte[] spoiled = body.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                spoiled[random.nextInt(spoiled.length)] = (byte) random.nextInt(256);
            }
            if (read(spoiled, 2).isEmpty()) {
                assertThat(found).hasSize(2);
                assertThat(found)
                        .allMatch(
                                one -> spoiled[one.from()] == '{' && spoiled[one.to() - 1] == '}');
            }
        }
    }

    /** Depth costs a bit each, and nothing of it stays. */
    @Test
    void hostileDepthIsNoTrouble() {
        int depth = 5_000_000;
        String deep = "{\"t\":\"A\",\"d\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
        assertThat(read("[" + ITEM.replace(DATA, deep) + "]", 1)).isEmpty();
        assertThat(read("[" + ITEM.replace(DATA, "{".repeat(depth)) + "]", 1))
                .hasValue(SenderFault.BODY);
        assertThat(read("[" + ITEM.replace("s:1", "s".repeat(depth) + ":1") + "]", 1))
                .hasValue(SenderFault.BODY);
        assertThat(read("[" + ITEM.replace("\"A\"", "\"" + "A".repeat(depth) + "\"") + "]", 1))
                .hasValue(SenderFault.BODY);
    }
}
