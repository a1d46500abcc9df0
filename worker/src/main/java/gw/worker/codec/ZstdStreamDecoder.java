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
    private static final int CHUNK_BYTES = 64 * 1024;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final PayloadBuffer out;
    private ByteBuffer in = ByteBuffer.allocateDirect(4 * 1024);
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

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
        fill(bytes, offset, length);
        try {
            while (true) {
                chunk.clear();
                boolean ended = context.decompressDirectByteBufferStream(chunk, in);
                int written = chunk.position();
                if (written > 0) {
                    int _ = out.room(written);
                    chunk.flip();
                    chunk.get(out.array(), out.length(), written);
                    out.advance(written);
                }
                if (ended) {
                    throw new CodecException("zstd stream was ended by the sender");
                }
                if (!in.hasRemaining() && written < CHUNK_BYTES) {
                    break;
                }
            }
            sink.payload(out.array(), 0, out.length());
        } catch (ZstdException e) {
            throw new CodecException("zstd stream is damaged: " + e.getMessage());
        } finally {
            out.clear();
        }
    }

    private void fill(byte[] bytes, int offset, int length) {
        if (in.capacity() < length || in.capacity() > CHUNK_BYTES) {
            in = ByteBuffer.allocateDirect(Math.max(4 * 1024, Integer.highestOneBit(length) * 2));
        }
        in.clear();
        in.put(bytes, offset, length).flip();
    }

    @Override
    public void close() {
        context.close();
    }
}
