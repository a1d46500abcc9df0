package gw.worker.link;

import com.google.protobuf.CodedOutputStream;

import gw.proto.v1.RecordBatch;
import gw.proto.v1.ToSupervisor;

import io.grpc.Drainable;
import io.grpc.KnownLength;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** One {@code ToSupervisor} that holds a {@code RecordBatch}, as bytes. */
final class RecordsStream extends InputStream implements Drainable, KnownLength {
    private static final int NUMBER = RecordBatch.BATCH_FIELD_NUMBER;
    private static final int RECORDS = RecordBatch.RECORDS_FIELD_NUMBER;
    private static final int BATCH = ToSupervisor.BATCH_FIELD_NUMBER;

    private static final int LENGTH_DELIMITED = 2;

    private final byte[] head;
    private final byte[] records;
    private final int offset;
    private final int length;
    private int at;

    RecordsStream(long number, Batch batch) {
        records = batch.chunk().bytes();
        offset = batch.from();
        length = batch.length();
        int sizeOfSize = CodedOutputStream.computeUInt32SizeNoTag(length);
        int inner =
                CodedOutputStream.computeUInt64Size(NUMBER, number)
                        + CodedOutputStream.computeTagSize(RECORDS)
                        + sizeOfSize
                        + length;
        head =
                new byte
                        [CodedOutputStream.computeTagSize(BATCH)
                                + CodedOutputStream.computeUInt32SizeNoTag(inner)
                                + inner
                                - length];
        CodedOutputStream out = CodedOutputStream.newInstance(head);
        try {
            out.writeTag(BATCH, LENGTH_DELIMITED);
            out.writeUInt32NoTag(inner);
            out.writeUInt64(NUMBER, number);
            out.writeTag(RECORDS, LENGTH_DELIMITED);
            out.writeUInt32NoTag(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int count = available();
        int ofHead = Math.max(0, head.length - at);
        target.write(head, head.length - ofHead, ofHead);
        target.write(records, offset + at + ofHead - head.length, count - ofHead);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return head.length + length - at;
    }

    @Override
    public int read() {
        if (available() == 0) {
            return -1;
        }
        int next = at++;
        return (next < head.length ? head[next] : records[offset + next - head.length]) & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) {
        if (most > 0 && available() == 0) {
            return -1;
        }
        boolean inHead = at < head.length;
        int count = Math.min(most, inHead ? head.length - at : available());
        System.arraycopy(
                inHead ? head : records,
                inHead ? at : offset + at - head.length,
                into,
                from,
                count);
        at += count;
        return count;
    }
}
