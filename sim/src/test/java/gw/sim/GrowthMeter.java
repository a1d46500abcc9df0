package gw.sim;

import com.github.luben.zstd.ZstdDecompressCtx;

import java.nio.ByteBuffer;

/** Measures what a zstd stream grows to without keeping it. */
final class GrowthMeter implements AutoCloseable {
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final ByteBuffer target = ByteBuffer.allocateDirect(256 * 1024);

    /** How many bytes this message becomes. */
    long feed(byte[] message) {
        ByteBuffer source = ByteBuffer.allocateDirect(message.length).put(message).flip();
        long grown = 0;
        boolean full = true;
        while (source.hasRemaining() || full) {
            target.clear();
            var _ = zstd.decompressDirectByteBufferStream(target, source);
            full = !target.hasRemaining();
            grown += target.position();
        }
        return grown;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
