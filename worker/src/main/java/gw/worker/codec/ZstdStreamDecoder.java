package gw.worker.codec;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import java.nio.ByteBuffer;

/**
 * One zstd frame for the connection, which never ends; each message is one payload.
 *
 * @see <a href="https://docs.discord.com/developers/events/gateway#transport-compression">Discord:
 *     Transport Compression</a>
 */
final class ZstdStreamDecoder implements PayloadDecoder {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Larger arrays are another's to give back. */
    private static final int KEEP_BYTES = 256 * 1024;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final PayloadBuffer out;

    /** A view of the array that messages come in: nearly always the same one. */
    private ByteBuffer in = NOTHING;

    ZstdStreamDecoder(PayloadBuffer out) {
        this.out = out;
    }

    @Override
    public void message(boolean binary, byte[] bytes, int offset, int length, PayloadSink sink)
            throws CodecException {
        if (!binary) {
            sink.payload(bytes, offset, length);
            return;
        }
        try {
            look(bytes, offset, length);
            ByteBuffer to;
            do {
                int _ = out.room();
                to = out.free();
                boolean ended = context.decompressByteBufferStream(to, in);
                out.advance(to.position() - out.length());
                if (ended) {
                    throw new CodecException("zstd stream was ended by the sender");
                }
                // Room to spare means that nothing is left inside the context either.
            } while (in.hasRemaining() || !to.hasRemaining());
            sink.payload(out.array(), 0, out.length());
        } catch (ZstdException e) {
            throw new CodecException("zstd stream is damaged: " + e.getMessage());
        } finally {
            out.clear();
            if (bytes.length > KEEP_BYTES) {
                in = NOTHING;
            }
        }
    }

    // Not what is in the array: which one it is; and each view begins where its array does.
    @SuppressWarnings({"ReferenceEquality", "ByteBufferBackingArray"})
    private void look(byte[] bytes, int offset, int length) {
        if (in.array() != bytes) {
            in = ByteBuffer.wrap(bytes);
        }
        in.clear().position(offset).limit(offset + length);
    }

    @Override
    public void close() {
        context.close();
    }
}
