package gw.worker.link;

import com.google.protobuf.CodedOutputStream;

import gw.proto.v1.RecordBatch;
import gw.proto.v1.ToSupervisor;

import io.grpc.Drainable;
import io.grpc.KnownLength;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One {@code ToSupervisor} that holds a {@code RecordBatch}, as bytes; used again for the next one.
 */
final class RecordsStream extends InputStream implements Drainable, KnownLength {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int BATCH = ToSupervisor.BATCH_FIELD_NUMBER << 3 | LENGTH_DELIMITED;
    private static final int NUMBER = RecordBatch.BATCH_FIELD_NUMBER << 3 | VARINT;
    private static final int RECORDS = RecordBatch.RECORDS_FIELD_NUMBER << 3 | LENGTH_DELIMITED;

    /** Two tags and two lengths, the number's tag and the number. */
    private static final int MOST_HEAD_BYTES = 1 + 5 + 1 + 10 + 1 + 5;

    private final byte[] head = new byte[MOST_HEAD_BYTES];
    private int headLength;
    private final byte[] nothing = new byte[0];
    private byte[] records = nothing;
    private int offset;
    private int length;
    private int at;

    /** Begins the message that holds these records under this number. */
    void begin(long number, byte[] newRecords, int newOffset, int newLength) {
        records = newRecords;
        offset = newOffset;
        length = newLength;
        at = 0;
        headLength = 0;
        varint(BATCH);
        varint(
                CodedOutputStream.computeUInt64Size(RecordBatch.BATCH_FIELD_NUMBER, number)
                        + CodedOutputStream.computeTagSize(RecordBatch.RECORDS_FIELD_NUMBER)
                        + CodedOutputStream.computeUInt32SizeNoTag(length)
                        + length);
        varint(NUMBER);
        varint(number);
        varint(RECORDS);
        varint(length);
    }

    /** It is of no message any more, and holds on to no memory. */
    void end() {
        records = nothing;
        headLength = 0;
        length = 0;
        at = 0;
    }

    /** No CodedOutputStream: it would be one more object for each hop over the link. */
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            head[headLength++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        head[headLength++] = (byte) rest;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int count = available();
        int ofHead = Math.max(0, headLength - at);
        target.write(head, headLength - ofHead, ofHead);
        target.write(records, offset + at + ofHead - headLength, count - ofHead);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return headLength + length - at;
    }

    @Override
    public int read() {
        if (available() == 0) {
            return -1;
        }
        int next = at++;
        return (next < headLength ? head[next] : records[offset + next - headLength]) & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) {
        if (most > 0 && available() == 0) {
            return -1;
        }
        boolean inHead = at < headLength;
        int count = Math.min(most, inHead ? headLength - at : available());
        System.arraycopy(
                inHead ? head : records, inHead ? at : offset + at - headLength, into, from, count);
        at += count;
        return count;
    }
}
