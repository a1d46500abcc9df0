package gw.supervisor.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import gw.proto.v1.RecordBatch;
import gw.proto.v1.ToSupervisor;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads {@code gw.v1.ToSupervisor}. Records are taken from where gRPC has them into one array that
 * is used again and again: built into a message, each would be copied twice more. Owned by the data
 * event loop.
 */
final class IncomingMarshaller implements Marshaller<Incoming> {
    private static final int FIRST_ARRAY_BYTES = 128 * 1024;

    /** A larger message, of one giant event, gets an array of its own. */
    private static final int MOST_KEPT_BYTES = 1024 * 1024;

    private static final int LENGTH_DELIMITED = 2;
    private static final int BATCH = ToSupervisor.BATCH_FIELD_NUMBER << 3 | LENGTH_DELIMITED;
    private static final int NUMBER = RecordBatch.BATCH_FIELD_NUMBER << 3;
    private static final int RECORDS = RecordBatch.RECORDS_FIELD_NUMBER << 3 | LENGTH_DELIMITED;

    private final Incoming.Records records = new Incoming.Records();
    private byte[] array = new byte[FIRST_ARRAY_BYTES];
    private int at;

    @Override
    public Incoming parse(InputStream stream) {
        try {
            int length = stream.available();
            byte[] bytes = arrayFor(length);
            int count = stream.readNBytes(bytes, 0, length);
            Incoming read = records(bytes, count);
            return read != null ? read : message(bytes, count);
        } catch (InvalidProtocolBufferException e) {
            throw Status.INTERNAL
                    .withDescription("no ToSupervisor: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        } catch (IOException e) {
            throw Status.INTERNAL.withCause(e).asRuntimeException();
        }
    }

    private byte[] arrayFor(int length) {
        if (length <= array.length) {
            return array;
        }
        byte[] larger = new byte[length];
        if (length <= MOST_KEPT_BYTES) {
            array = larger;
        }
        return larger;
    }

    /** The records, if the message is written in the usual way; null: protobuf has to look. */
    private Incoming.@Nullable Records records(byte[] bytes, int end) {
        at = 0;
        if (varint(bytes, end) != BATCH || varint(bytes, end) != end - at) {
            return null;
        }
        if (varint(bytes, end) != NUMBER) {
            return null;
        }
        long number = varint(bytes, end);
        if (number < 0 || varint(bytes, end) != RECORDS || varint(bytes, end) != end - at) {
            return null;
        }
        return records.of(number, bytes, at, end);
    }

    /** A number of at most 63 bits; -1: there is none here. */
    private long varint(byte[] bytes, int end) {
        long value = 0;
        for (int shift = 0; shift < 63 && at < end; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }

    private Incoming message(byte[] array, int length) throws InvalidProtocolBufferException {
        ToSupervisor message = ToSupervisor.parseFrom(ByteString.copyFrom(array, 0, length));
        if (!message.hasBatch()) {
            return new Incoming.Message(message);
        }
        byte[] bytes = message.getBatch().getRecords().toByteArray();
        return records.of(message.getBatch().getBatch(), bytes, 0, bytes.length);
    }

    @Override
    public InputStream stream(Incoming value) {
        throw new UnsupportedOperationException("a supervisor sends none");
    }
}
