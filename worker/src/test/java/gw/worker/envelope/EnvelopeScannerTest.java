package gw.worker.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** The envelope decides order (P2) and identity (P3), so it is read right or refused. */
class EnvelopeScannerTest {
    private final EnvelopeScanner scanner = new EnvelopeScanner();
    private final Envelope envelope = new Envelope();

    @Test
    void readsDiscordsOwnKeyOrder() throws EnvelopeException {
        String json =
                "{\"t\":\"MESSAGE_CREATE\",\"s\":42,\"op\":0,\"d\":{\"id\":\"1\",\"guild_id\":\"4194304\"}}";
        scan(json);
        assertThat(envelope.op()).isZero();
        assertThat(envelope.sequence()).isEqualTo(42);
        assertThat(name(json)).isEqualTo("MESSAGE_CREATE");
        assertThat(envelope.guildId()).isEqualTo(4194304);
        assertThat(data(json)).isEqualTo("{\"id\":\"1\",\"guild_id\":\"4194304\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"})
    void takesAGuildsOwnIdAlsoWhenTheNameFollows(String name) throws EnvelopeException {
        scan(
                "{\"d\":{\"roles\":[{\"id\":\"7\"}],\"id\":\"99\"},\"op\":0,\"s\":1,\"t\":\""
                        + name
                        + "\"}");
        assertThat(envelope.guildId()).isEqualTo(99);
    }

    @Test
    void isNotMisledByTextThatLooksLikeAnEnvelope() throws EnvelopeException {
        scan(
                "{ \"d\" :"
                    + " {\"content\":\"\\\"op\\\":9,\\\\\\\"guild_id\\\":\\\"1\\\"\",\"member\":{\"guild_id\":\"5\",\"x\":[[],{},[{\"op\":7}]]},\"guild_id\":null},"
                    + " \"s\" : 3, \"t\":\"X\", \"op\" : 0 }");
        assertThat(envelope.op()).isZero();
        assertThat(envelope.sequence()).isEqualTo(3);
        assertThat(envelope.guildId()).isZero();
    }

    @Test
    void knowsKeysThatAreWrittenWithEscapes() throws EnvelopeException {
        scan("{\"\\u006fp\":11,\"\\u0074\":null,\"s\":null,\"d\":null}");
        assertThat(envelope.op()).isEqualTo(11);
        assertThat(envelope.sequence()).isEqualTo(-1);
        assertThat(envelope.nameLength()).isZero();
    }

    @Test
    void nestingIsBoundedAndNeverOverflowsTheStack() throws EnvelopeException {
        scan("{\"op\":0,\"d\":" + "[".repeat(500) + "{\"a\":1}" + "]".repeat(500) + "}");
        assertThatThrownBy(() -> scan("{\"op\":0,\"d\":" + "[".repeat(1_000_000)))
                .isInstanceOf(EnvelopeException.class)
                .hasMessageContaining("nested deeper");
        String mixed = "{\"k\":[".repeat(200) + "1" + "]}".repeat(200);
        scan("{\"op\":0,\"d\":" + mixed + ",\"s\":8}");
        assertThat(envelope.sequence()).isEqualTo(8);
    }

    @Test
    void refusesEveryTruncation() {
        String json =
                "{\"t\":\"A\",\"s\":1,\"op\":0,\"d\":{\"guild_id\":\"12\",\"x\":[1.5e3,true,\"\\u00e9\\n\"]}}";
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            int cut = length;
            assertThatThrownBy(() -> scanner.scan(bytes, 0, cut, envelope))
                    .as("cut at %d", cut)
                    .isInstanceOf(EnvelopeException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "{}",
                "{\"op\":\"0\"}",
                "{\"op\":-1}",
                "{\"op\":1.5}",
                "{\"op\":0}x",
                "{\"op\":0,}",
                "{\"op\":0 \"s\":1}",
                "{\"op\":0,\"d\":tru}",
                "{\"op\":0,\"d\":[1}}",
                "{\"op\":0,\"t\":5}",
                "{\"op\":0,\"d\":\"\\x\"}",
                "{\"op\":0,\"s\":9999999999999999999}"
            })
    void refusesWhatIsNoEnvelope(String json) {
        assertThatThrownBy(() -> scan(json)).isInstanceOf(EnvelopeException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void garbageIsRefusedOrReadButNeverCrashes(long seed) {
        Random random = new Random(seed);
        byte[] good =
                "{\"t\":\"A\",\"s\":1,\"op\":0,\"d\":{\"guild_id\":\"12\",\"x\":[1,{\"y\":\"z\"}]}}"
                        .getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 0; flips < 3; flips++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                scanner.scan(bytes, 0, bytes.length, envelope);
            } catch (EnvelopeException e) {
                refused++;
            }
        }
        assertThat(refused).as("refused, seed %d", seed).isPositive();
    }

    private void scan(String json) throws EnvelopeException {
        byte[] inner = json.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[inner.length + 7];
        System.arraycopy(inner, 0, bytes, 3, inner.length);
        scanner.scan(bytes, 3, inner.length, envelope);
    }

    private String name(String json) {
        return json.substring(
                envelope.nameOffset() - 3, envelope.nameOffset() - 3 + envelope.nameLength());
    }

    private String data(String json) {
        return json.substring(
                envelope.dataOffset() - 3, envelope.dataOffset() - 3 + envelope.dataLength());
    }
}
