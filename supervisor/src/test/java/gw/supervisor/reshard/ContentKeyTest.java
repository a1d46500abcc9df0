package gw.supervisor.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordBuffer;
import gw.record.RecordFormatException;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** P1, P2: the same event is known again, and no other one is taken for it. */
@Timeout(20)
class ContentKeyTest {
    private static final String DATA =
            "{\"id\":\"7\",\"content\":\"hé"
                    + " \\\"you\\\"\",\"n\":[1,2,{\"a\":null,\"b\":true}],\"x\":{}}";

    @Test
    void theSameContentIsTheSameHoweverItIsWritten() {
        long key = of("MESSAGE_CREATE", 5, 1, envelope(1, DATA));
        for (String same :
                List.of(
                        envelope(812, DATA),
                        "{\"op\":0,\"d\":" + DATA + ",\"s\":9,\"t\":\"MESSAGE_CREATE\"}",
                        "{\"d\":" + DATA + "}",
                        envelope(
                                1,
                                "{\"x\":{},\"n\":[1,2,{\"b\":true,\"a\":null}],"
                                        + "\"content\":\"hé \\\"you\\\"\",\"id\":\"7\"}"),
                        envelope(
                                1,
                                " {\n"
                                    + "\t\"id\" : \"7\" ,\r\n"
                                    + "\"content\": \"h\\u00e9 \\u0022you\\u0022\",\"n\":[ 1 ,2,"
                                    + " {\"\\u0061\":null,\"b\":true } ],\"x\" :{ } } "))) {
            assertThat(of("MESSAGE_CREATE", 5, 4711, same)).as(same).isEqualTo(key);
        }
        assertThat(of("X", 0, 1, "{\"d\":\"A/\\uD83D\\uDE00\"}"))
                .isEqualTo(of("X", 0, 1, "{\"d\":\"\\u0041\\/\uD83D\uDE00\"}"));
    }

    @Test
    void anotherTypeOrGuildIsAnother() {
        Set<Long> keys = new HashSet<>();
        for (String type :
                List.of("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_CREATEX", "", "A")) {
            for (long guild : new long[] {0, 1, 2, 5, -5, 1L << 32, Long.MAX_VALUE}) {
                assertThat(keys.add(of(type, guild, 1, envelope(1, DATA)))).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"a\":1}|{\"a\":2}",
                "{\"a\":1}|{\"b\":1}",
                "{\"a\":1}|{\"a\":1,\"b\":1}",
                "{\"a\":1}|{\"a\":\"1\"}",
                "{\"a\":1}|{\"a\":1.0}",
                "{\"a\":1}|{\"a\":-1}",
                "{\"a\":1}|1",
                "{\"a\":\"b\"}|{\"b\":\"a\"}",
                "{\"a\":\"b\",\"c\":\"d\"}|{\"a\":\"d\",\"c\":\"b\"}",
                "{\"a\":\"x\",\"b\":\"x\"}|{\"a\":\"y\",\"b\":\"y\"}",
                "{\"a\":null}|{}",
                "{\"a\":null}|{\"a\":\"null\"}",
                "{\"a\":true}|{\"a\":\"true\"}",
                "{\"a\":true}|{\"a\":false}",
                "{\"a\":\"\"}|{\"a\":null}",
                "{\"a\":\"\"}|{\"a\":\" \"}",
                "{\"a\":\"x\"}|{\"a\":\"X\"}",
                "{\"a\":{}}|{\"a\":[]}",
                "{}|[]",
                "[]|[[]]",
                "[[]]|[[[]]]",
                "[]|[0]",
                "[]|[null]",
                "[1,2]|[2,1]",
                "[1,1]|[1]",
                "[1,1]|[1,1,1]",
                "[1,1,2]|[1,2,2]",
                "[{\"a\":1},{\"a\":1}]|[{\"a\":1}]",
                "[[1],2]|[1,[2]]",
                "[[1],2]|[[1,2]]",
                "[12]|[1,2]",
                "[\"ab\",\"c\"]|[\"a\",\"bc\"]",
                "{\"a\":{\"b\":1},\"c\":2}|{\"a\":{\"b\":1,\"c\":2}}",
                "{\"a\":{\"b\":1,\"c\":2}}|{\"a\":{\"b\":2,\"c\":1}}",
                "{\"a\":[{\"b\":1},{\"c\":2}]}|{\"a\":[{\"c\":2},{\"b\":1}]}",
                "{\"a\":{\"x\":1},\"b\":{\"y\":1}}|{\"a\":{\"y\":1},\"b\":{\"x\":1}}",
                "\"a\"|\"b\"",
                "null|\"\"",
                "0|false"
            })
    void otherContentIsAnother(String one, String other) {
        assertThat(of("T", 5, 1, envelope(1, one))).isNotEqualTo(of("T", 5, 1, envelope(1, other)));
    }

    /** It is itself alone: two sessions that bring it both have it told. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "null",
                "7",
                "\"d\"",
                "[1]",
                "[{\"d\":1}]",
                "{",
                "}",
                "{\"d\"",
                "{\"d\":",
                "{\"d\":}",
                "{\"d\":nul}",
                "{\"d\":{}",
                "{\"d\":{}}}",
                "{\"d\":{}} {\"d\":{}}",
                "{\"d\":{}}x",
                "{\"d\":1,}",
                "{\"t\":x,\"d\":1}",
                "{\"d\":[1,2}",
                "{\"d\":[1,2",
                "{\"d\":\"\\u12\"}",
                "{\"d\":01}",
                "{'d':1}"
            })
    void whatIsNoEventNeverEqualsAnother(String garbage) {
        long key = of("T", 5, 1, garbage);
        assertThat(of("T", 5, 2, garbage)).isNotEqualTo(key);
        assertThat(of("T", 5, 1, "other", garbage)).isNotEqualTo(key);
        assertThat(of("T", 5, 1, garbage + " ")).isNotEqualTo(key);
        assertThat(of("T", 5, 1, "{\"d\":{}}")).isNotEqualTo(key);
        assertThat(of("T", 5, 1, "{}")).isNotEqualTo(key);
        // But it is itself, also when it is read again.
        assertThat(of("T", 5, 1, garbage)).isEqualTo(key);
    }

    @Test
    void cutAnywhereItEqualsNothing() {
        byte[] whole = envelope(1, DATA).getBytes(StandardCharsets.UTF_8);
        Set<Long> keys = new HashSet<>();
        for (int cut = 0; cut <= whole.length; cut++) {
            assertThat(keys.add(of("T", 5, 1, "s", Arrays.copyOf(whole, cut))))
                    .as("cut at %d", cut)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverThrowsAtGarbage(long seed) {
        System.out.printf("seed %d%n", seed);
        Random random = new Random(seed);
        byte[] good = envelope(1, DATA).getBytes(StandardCharsets.UTF_8);
        long key = of("T", 5, 1, "s", good);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes;
            if (random.nextBoolean()) {
                bytes = new byte[random.nextInt(60)];
                random.nextBytes(bytes);
            } else {
                bytes = good.clone();
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            long other = of("T", 5, 1, "s", bytes);
            if (other == key) {
                // Only what stands beside d has become another.
                assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\"d\":" + DATA);
            }
        }
    }

    @Test
    void theMostHostilePayloadIsReadInBounds() {
        List<String> members =
                IntStream.range(0, 10_000)
                        .mapToObj(i -> "\"k" + i + "\":" + i)
                        .collect(Collectors.toList());
        String ordered = "{" + String.join(",", members) + "}";
        Collections.shuffle(members, new Random(1));
        String shuffled = "{" + String.join(",", members) + "}";
        assertThat(of("T", 5, 1, envelope(1, ordered)))
                .isEqualTo(of("T", 5, 2, envelope(2, shuffled)));
        String deep = "{\"a\":[".repeat(200) + "1" + "]}".repeat(200);
        String deeper = "{\"a\":[".repeat(200) + "2" + "]}".repeat(200);
        assertThat(of("T", 5, 1, envelope(1, deep))).isEqualTo(of("T", 5, 2, envelope(2, deep)));
        assertThat(of("T", 5, 1, envelope(1, deep)))
                .isNotEqualTo(of("T", 5, 1, envelope(1, deeper)));
        // A number and a name of any length, and names of which each is new to the parser.
        assertThat(of("T", 5, 1, "{\"d\":" + "1".repeat(1_000_000) + "}")).isNotZero();
        assertThat(of("T", 5, 1, "{\"d\":{\"" + "n".repeat(1_000_000) + "\":1}}")).isNotZero();
        for (int round = 0; round < 30; round++) {
            String prefix = "p" + round + "x";
            String fresh =
                    IntStream.range(0, 10_000)
                            .mapToObj(i -> "\"" + prefix + i + "\":0")
                            .collect(Collectors.joining(",", "{", "}"));
            assertThat(of("T", 5, 1, envelope(1, fresh))).isNotZero();
        }
    }

    /** Nothing overflows, and what can't be looked into is nobody's twin. */
    @ParameterizedTest
    @ValueSource(ints = {600, 100_000})
    void tooDeepIsItselfAlone(int levels) {
        String open = "[".repeat(levels);
        String deep = open + "]".repeat(levels);
        for (String data : List.of(open, deep)) {
            long key = of("T", 5, 1, envelope(1, data));
            assertThat(of("T", 5, 2, envelope(2, data))).isNotEqualTo(key);
            assertThat(of("T", 5, 2, envelope(1, data))).isNotEqualTo(key);
        }
    }

    private static String envelope(long sequence, String data) {
        return "{\"t\":\"T\",\"s\":" + sequence + ",\"op\":0,\"d\":" + data + "}";
    }

    private static long of(String type, long guild, long sequence, String payload) {
        return of(type, guild, sequence, "s", payload);
    }

    private static long of(String type, long guild, long sequence, String session, String payload) {
        return of(type, guild, sequence, session, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static long of(String type, long guild, long sequence, String session, byte[] payload) {
        byte[] name = type.getBytes(StandardCharsets.UTF_8);
        RecordBuffer buffer = new RecordBuffer(payload.length + 100);
        // It begins somewhere in an array.
        buffer.append(new byte[3], 0, 3);
        int length =
                buffer.append(
                        RecordKind.DISPATCH,
                        0,
                        1,
                        sequence,
                        guild,
                        sequence,
                        session.getBytes(StandardCharsets.US_ASCII),
                        name,
                        0,
                        name.length,
                        payload,
                        0,
                        payload.length);
        RecordView view = new RecordView();
        try {
            var _ = view.wrap(buffer.array(), 3, 3 + length);
        } catch (RecordFormatException e) {
            throw new AssertionError(e);
        }
        return ContentKey.of(view);
    }
}
