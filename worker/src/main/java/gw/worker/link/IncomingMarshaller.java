package gw.worker.link;

import gw.proto.v1.Ack;
import gw.proto.v1.ToWorker;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads {@code gw.v1.ToWorker}. Hundreds of acks come in a second: they are read without protobuf,
 * which makes a handful of objects of each. Of one link; owned by its event loop.
 */
final class IncomingMarshaller implements Marshaller<Incoming> {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;
    private static final int ACK = ToWorker.ACK_FIELD_NUMBER << 3 | LENGTH_DELIMITED;
    private static final int BATCH = Ack.BATCH_FIELD_NUMBER << 3 | VARINT;

    /** Two tags, a length of one byte, and the number. */
    private static final int MOST_ACK_BYTES = 1 + 1 + 1 + 10;

    private final Marshaller<ToWorker> messages;
    private final Incoming.Ack ack = new Incoming.Ack();
    private final byte[] small = new byte[MOST_ACK_BYTES];

    /** {@code messages} is the generated one. */
    IncomingMarshaller(Marshaller<ToWorker> messages) {
        this.messages = messages;
    }

    @Override
    public Incoming parse(InputStream stream) {
        try {
            if (stream.available() > small.length) {
                return new Incoming.Message(messages.parse(stream));
            }
            int length = stream.readNBytes(small, 0, small.length);
            return isAck(length)
                    ? ack
                    : new Incoming.Message(
                            messages.parse(new ByteArrayInputStream(small, 0, length)));
        } catch (IOException e) {
            throw Status.INTERNAL.withCause(e).asRuntimeException();
        }
    }

    /** Whether it is an ack, written in the usual way; else protobuf has to look. */
    private boolean isAck(int length) {
        if (length < 4 || small[0] != ACK || small[1] != length - 2 || small[2] != BATCH) {
            return false;
        }
        long number = 0;
        for (int at = 3; at < length; at++) {
            number |= (long) (small[at] & 0x7f) << (7 * (at - 3));
            boolean last = small[at] >= 0;
            if (last != (at == length - 1)) {
                return false;
            }
        }
        ack.of(number);
        return true;
    }

    @Override
    public InputStream stream(Incoming value) {
        throw new UnsupportedOperationException("a worker sends none");
    }
}
