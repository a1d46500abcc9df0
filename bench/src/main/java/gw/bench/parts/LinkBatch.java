package gw.bench.parts;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import gw.proto.v1.LinkGrpc;
import gw.proto.v1.RecordBatch;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * One record through the link's message, by the size of the batch that it is in: what gRPC's
 * marshaller does at both ends, with direct buffers as Netty's transport has them.
 */
public class LinkBatch extends Part {
    private static final int RECORDS = 256;
    private static final MethodDescriptor<ToSupervisor, ToWorker> METHOD =
            LinkGrpc.getAttachMethod();

    @Param({"1", "16", "256"})
    int batch;

    private List<ByteString> batches = List.of();
    private ByteBuf[] written = new ByteBuf[0];
    private final ByteBuf out = Unpooled.directBuffer(RECORDS * 4 * EVENT_BYTES);
    private long number;

    /** Encodes the records, and writes the messages that are to be read. */
    @Setup
    public void encode() throws IOException {
        batches =
                Records.batches(EVENT_BYTES, RECORDS, batch).stream()
                        .map(UnsafeByteOperations::unsafeWrap)
                        .toList();
        written = new ByteBuf[batches.size()];
        for (int i = 0; i < written.length; i++) {
            out.clear();
            marshal(batches.get(i));
            written[i] = Unpooled.directBuffer(out.readableBytes()).writeBytes(out);
            ToSupervisor read = parse(written[i].duplicate());
            if (!read.getBatch().getRecords().equals(batches.get(i))) {
                throw new IllegalStateException("not what was written");
            }
        }
    }

    /** From the encoded records to the transport's buffer. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public ByteBuf write() throws IOException {
        out.clear();
        for (ByteString records : batches) {
            marshal(records);
        }
        return out;
    }

    /** From the transport's buffer to the encoded records. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long read() {
        long sum = 0;
        for (ByteBuf message : written) {
            RecordBatch read = parse(message.duplicate()).getBatch();
            sum += read.getRecords().byteAt(0) + read.getBatch();
        }
        return sum;
    }

    private void marshal(ByteString records) throws IOException {
        ToSupervisor message =
                ToSupervisor.newBuilder()
                        .setBatch(RecordBatch.newBuilder().setBatch(++number).setRecords(records))
                        .build();
        try (InputStream stream = METHOD.streamRequest(message);
                ByteBufOutputStream to = new ByteBufOutputStream(out)) {
            int _ = ((Drainable) stream).drainTo(to);
        }
    }

    private static ToSupervisor parse(ByteBuf message) {
        return METHOD.parseRequest(new Arrived(message));
    }

    /** gRPC's own says its length, too. */
    private static final class Arrived extends ByteBufInputStream implements KnownLength {
        Arrived(ByteBuf bytes) {
            super(bytes);
        }
    }

    /** Frees what isn't Java's. */
    @TearDown
    public void release() {
        out.release();
        for (ByteBuf message : written) {
            message.release();
        }
    }
}
