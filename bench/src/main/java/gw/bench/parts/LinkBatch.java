package gw.bench.parts;

import gw.supervisor.link.RecordsIn;
import gw.worker.link.RecordsOut;

import io.grpc.KnownLength;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * One record through the link's message, by the size of the batch that it is in: what gw's
 * marshallers do at both ends, with direct buffers as Netty's transport has them.
 */
public class LinkBatch extends Part {
    private static final int RECORDS = 256;

    @Param({"1", "16", "256"})
    int batch;

    private final RecordsIn in = new RecordsIn();
    private RecordsOut[] batches = new RecordsOut[0];
    private ByteBuf[] written = new ByteBuf[0];
    private final ByteBuf out = Unpooled.directBuffer(RECORDS * 4 * EVENT_BYTES);
    private long number;

    /** Encodes the records, and writes the messages that are to be read. */
    @Setup
    public void encode() throws IOException {
        List<byte[]> encoded = Records.batches(EVENT_BYTES, RECORDS, batch);
        batches = encoded.stream().map(RecordsOut::new).toArray(RecordsOut[]::new);
        written = new ByteBuf[batches.length];
        for (int i = 0; i < written.length; i++) {
            out.clear();
            batches[i].write(++number, out);
            written[i] = Unpooled.directBuffer(out.readableBytes()).writeBytes(out);
            byte[] read = in.records(new Arrived(written[i].duplicate()));
            if (!Arrays.equals(read, encoded.get(i))) {
                throw new IllegalStateException("not what was written");
            }
        }
    }

    /** From the encoded records to the transport's buffer. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public ByteBuf write() throws IOException {
        out.clear();
        for (RecordsOut records : batches) {
            records.write(++number, out);
        }
        return out;
    }

    /** From the transport's buffer to the encoded records. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long read() {
        long sum = 0;
        for (ByteBuf message : written) {
            sum += in.read(new Arrived(message.duplicate()));
        }
        return sum;
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
