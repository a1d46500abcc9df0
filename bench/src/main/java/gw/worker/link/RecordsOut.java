package gw.worker.link;

import gw.proto.v1.LinkGrpc;

import io.grpc.Drainable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;

import java.io.IOException;
import java.io.InputStream;

/** A batch of the worker's, to be written as the link writes it; see {@code gw.bench.parts}. */
public final class RecordsOut {
    private final OutgoingMarshaller marshaller =
            new OutgoingMarshaller(LinkGrpc.getAttachMethod().getRequestMarshaller());
    private final Batch batch;

    /** These records. */
    public RecordsOut(byte[] records) {
        RecordChunk chunk = new RecordChunk(records.length);
        System.arraycopy(records, 0, chunk.bytes(), 0, records.length);
        batch = new Batch(chunk, 0, records.length);
    }

    /** Writes the message. */
    public void write(long number, ByteBuf out) throws IOException {
        batch.numbered(number);
        try (InputStream stream = marshaller.stream(batch);
                ByteBufOutputStream to = new ByteBufOutputStream(out)) {
            int _ = ((Drainable) stream).drainTo(to);
        }
    }
}
