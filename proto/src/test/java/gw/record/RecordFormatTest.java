package gw.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

/** Guards P1: what goes into a record comes out of it, and damage never passes for an event. */
class RecordFormatTest {
    private static final byte[] SESSION =
            "0f1e2d3c4b5a69788796a5b4c3d2e1f0".getBytes(StandardCharsets.US_ASCII);

    @Test
    void givesBackWhatWasWritten() throws Exception {
        RecordBuffer buffer = new RecordBuffer(64);
        append(
                buffer,
                7,
                "MESSAGE_CREATE",
                "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"content\":\"h\u00e9 \uD83D\uDE00\"}}");
        append(buffer, 8, "", "");

        RecordView view = new RecordView();
        int next = view.wrap(buffer.array(), 0, buffer.length());

        assertThat(view.kind()).isEqualTo(RecordKind.DISPATCH);
        assertThat(view.shardId()).isEqualTo(101);
        assertThat(view.shardCount()).isEqualTo(885);
        assertThat(view.sequence()).isEqualTo(7);
        assertThat(view.guildId()).isEqualTo(0x0123_4567_89ab_cdefL);
        assertThat(view.receivedAtMicros()).isEqualTo(1_700_000_000_000_000L);
        assertThat(view.sessionId()).isEqualTo(new String(SESSION, StandardCharsets.US_ASCII));
        assertThat(view.sessionEquals(SESSION)).isTrue();
        assertThat(view.name()).isEqualTo("MESSAGE_CREATE");
        assertThat(view.payloadText()).contains("h\u00e9 \uD83D\uDE00");

        assertThat(view.wrap(buffer.array(), next, buffer.length())).isEqualTo(buffer.length());
        assertThat(view.sequence()).isEqualTo(8);
        assertThat(view.payloadLength()).isZero();
        assertThat(buffer.count()).isEqualTo(2);
    }

    @Test
    void refusesARecordCutAtAnyByte() {
        RecordBuffer buffer = new RecordBuffer(64);
        append(buffer, 1, "TYPING_START", "{\"op\":0}");
        byte[] whole = buffer.toByteArray();

        for (int cut = 0; cut < whole.length; cut++) {
            int limit = cut;
            assertThatExceptionOfType(RecordFormatException.class)
                    .as("cut at %d", cut)
                    .isThrownBy(() -> new RecordView().wrap(whole, 0, limit));
        }
    }

    @Test
    void refusesAFlippedBitAnywhere() {
        RecordBuffer buffer = new RecordBuffer(64);
        append(buffer, 1, "TYPING_START", "{\"op\":0}");
        byte[] whole = buffer.toByteArray();

        for (int bit = 0; bit < whole.length * 8; bit++) {
            byte[] damaged = whole.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatExceptionOfType(RecordFormatException.class)
                    .as("bit %d", bit)
                    .isThrownBy(() -> new RecordView().wrap(damaged, 0, damaged.length));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverReadsOutsideOfGarbage(long seed) {
        Random random = new Random(seed);
        byte[] garbage = new byte[512];
        for (int round = 0; round < 20_000; round++) {
            random.nextBytes(garbage);
            if (random.nextBoolean()) {
                // A plausible length makes the later checks do their work.
                RecordFormat.INT.set(garbage, 0, random.nextInt(600));
                garbage[RecordFormat.VERSION_AT] = RecordFormat.VERSION;
            }
            int limit = random.nextInt(garbage.length);
            assertThatExceptionOfType(RecordFormatException.class)
                    .isThrownBy(() -> new RecordView().wrap(garbage, 0, limit));
        }
    }

    @Test
    void givesBackTheMemoryOfOneGiantRecord() {
        RecordBuffer buffer = new RecordBuffer(1024);
        byte[] giant = new byte[1 << 20];
        Arrays.fill(giant, (byte) ' ');
        buffer.append(
                RecordKind.DISPATCH, 0, 1, 1, 0, 0, SESSION, SESSION, 0, 4, giant, 0, giant.length);
        assertThat(buffer.array().length).isGreaterThan(1 << 20);

        buffer.clear();

        assertThat(buffer.array()).hasSize(1024);
        assertThat(buffer.length()).isZero();
    }

    /** The numbers are on disk and on the wire: another build reads them. */
    @Test
    void eachKindKeepsItsNumber() throws Exception {
        assertThat(RecordKind.values())
                .extracting(kind -> kind.number() + " " + kind)
                .containsExactly(
                        "1 DISPATCH",
                        "2 GAP",
                        "3 SESSION",
                        "4 RESHARDED",
                        "5 START_UP",
                        "6 TWIN",
                        "7 SEEN");
        RecordView view = new RecordView();
        for (RecordKind kind : RecordKind.values()) {
            RecordBuffer buffer = new RecordBuffer(64);
            buffer.append(kind, 0, 1, 1, 0, 0, SESSION, SESSION, 0, 4, SESSION, 0, 4);
            var _ = view.wrap(buffer.array(), 0, buffer.length());
            assertThat(view.kind()).isEqualTo(kind);
            assertThat(view.isAnnouncement())
                    .as(kind.name())
                    .isEqualTo(kind == RecordKind.GAP || kind == RecordKind.RESHARDED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 127, 255})
    void refusesAKindOfALaterBuild(int kind) {
        RecordBuffer buffer = new RecordBuffer(64);
        append(buffer, 1, "TYPING_START", "{}");
        byte[] bytes = buffer.toByteArray();
        bytes[RecordFormat.KIND] = (byte) kind;
        CRC32C crc = new CRC32C();
        crc.update(bytes, RecordFormat.CRC_FROM, bytes.length - RecordFormat.CRC_FROM);
        RecordFormat.INT.set(bytes, RecordFormat.CRC, (int) crc.getValue());
        assertThatExceptionOfType(RecordFormatException.class)
                .isThrownBy(() -> new RecordView().wrap(bytes, 0, bytes.length))
                .withMessageContaining("record kind: " + kind);
        assertThat(RecordView.mayBegin(bytes, 0, bytes.length)).isFalse();
    }

    private static void append(RecordBuffer buffer, long sequence, String name, String payload) {
        byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] payloadBytes = payload.getBytes(StandardCharsets.UTF_8);
        buffer.append(
                RecordKind.DISPATCH,
                101,
                885,
                sequence,
                0x0123_4567_89ab_cdefL,
                1_700_000_000_000_000L,
                SESSION,
                nameBytes,
                0,
                nameBytes.length,
                payloadBytes,
                0,
                payloadBytes.length);
    }
}
