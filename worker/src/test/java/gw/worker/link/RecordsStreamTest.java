package gw.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import gw.proto.v1.RecordBatch;
import gw.proto.v1.ToSupervisor;

import io.grpc.Drainable;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.SplittableRandom;

/** Records go over the link without a copy, in the very bytes that protobuf would write (P1). */
class RecordsStreamTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 5",
        "1, 1",
        "127, 100",
        "128, 127",
        "300, 128",
        "70000, 20000",
        "1, 3000000"
    })
    void writesWhatProtobufWrites(long number, int length) throws IOException {
        byte[] records = new byte[length];
        new SplittableRandom(length).nextBytes(records);
        byte[] expected =
                ToSupervisor.newBuilder()
                        .setBatch(
                                RecordBatch.newBuilder()
                                        .setBatch(number)
                                        .setRecords(ByteString.copyFrom(records)))
                        .build()
                        .toByteArray();
        RecordChunk chunk = new RecordChunk(length + 20);
        System.arraycopy(records, 0, chunk.bytes(), 13, length);
        Batch batch = new Batch(chunk, 13, length);

        batch.numbered(number);

        InputStream whole = batch.bytes();
        assertThat(whole.available()).isEqualTo(expected.length);
        assertThat(((Drainable) whole).drainTo(out)).isEqualTo(expected.length);
        assertThat(out.toByteArray()).isEqualTo(expected);
        assertThat(whole.available()).isZero();
        assertThat(whole.read()).isEqualTo(-1);

        assertThat(batch.bytes().readAllBytes()).isEqualTo(expected);

        out.reset();
        InputStream mixed = batch.bytes();
        out.write(mixed.read());
        out.write(mixed.readNBytes(Math.min(expected.length - 1, 3)));
        var _ = ((Drainable) mixed).drainTo(out);
        assertThat(out.toByteArray()).isEqualTo(expected);
    }
}
