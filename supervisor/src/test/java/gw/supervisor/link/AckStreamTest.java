package gw.supervisor.link;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Ack;
import gw.proto.v1.ToWorker;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** An ack goes out in the very bytes that protobuf would write (P1). */
class AckStreamTest {
    private final AckStream ack = new AckStream();

    @ParameterizedTest
    @ValueSource(longs = {1, 127, 128, 16_383, 16_384, 1L << 40, Long.MAX_VALUE})
    void writesWhatProtobufWrites(long batch) throws IOException {
        byte[] expected =
                ToWorker.newBuilder()
                        .setAck(Ack.newBuilder().setBatch(batch))
                        .build()
                        .toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(ack.of(batch).available()).isEqualTo(expected.length);
        assertThat(ack.drainTo(out)).isEqualTo(expected.length);
        assertThat(out.toByteArray()).isEqualTo(expected);
        assertThat(ack.available()).isZero();
        assertThat(ack.read()).isEqualTo(-1);

        assertThat(ack.of(batch).readAllBytes()).isEqualTo(expected);

        out.reset();
        out.write(ack.of(batch).read());
        out.write(ack.readNBytes(2));
        var _ = ack.drainTo(out);
        assertThat(out.toByteArray()).isEqualTo(expected);
    }
}
