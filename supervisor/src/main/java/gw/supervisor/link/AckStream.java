package gw.supervisor.link;

import gw.proto.v1.Ack;
import gw.proto.v1.ToWorker;

import io.grpc.Drainable;
import io.grpc.KnownLength;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * One {@code ToWorker} that holds an {@code Ack}, as bytes; used again for the next one: there are
 * hundreds of them in a second, and protobuf makes half a dozen objects of each. Of one link; owned
 * by the data event loop.
 */
final class AckStream extends InputStream implements Outgoing, Drainable, KnownLength {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int ACK = ToWorker.ACK_FIELD_NUMBER << 3 | LENGTH_DELIMITED;
    private static final int BATCH = Ack.BATCH_FIELD_NUMBER << 3 | VARINT;

    /** Two tags, a length of one byte, and the number. */
    private static final int MOST_BYTES = 1 + 1 + 1 + 10;

    private final byte[] bytes = new byte[MOST_BYTES];
    private int length;
    private int at;

    /** Begins the ack of this batch, and ends the one before. */
    AckStream of(long batch) {
        bytes[0] = ACK;
        bytes[2] = BATCH;
        length = 3;
        long rest = batch;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        bytes[1] = (byte) (length - 2);
        at = 0;
        return this;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int count = available();
        target.write(bytes, at, count);
        at = length;
        return count;
    }

    @Override
    public int available() {
        return length - at;
    }

    @Override
    public int read() {
        return at == length ? -1 : bytes[at++] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) {
        if (most > 0 && at == length) {
            return -1;
        }
        int count = Math.min(most, available());
        System.arraycopy(bytes, at, into, from, count);
        at += count;
        return count;
    }
}
