package gw.sim.gateway;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;

/** Compresses as Discord does: one context for each connection. Owned by the event loop. */
final class OutboundCompressor implements AutoCloseable {
    /** What the client asked for. */
    enum Kind {
        NONE,
        PAYLOAD,
        ZLIB_STREAM,
        ZSTD_STREAM
    }

    private static final int PAYLOAD_THRESHOLD = 1024;

    private final Kind kind;
    private final Deflater deflater;
    private final byte[] chunk = new byte[16 * 1024];
    private final Redirected target = new Redirected();
    private final OutputStream zstd;

    OutboundCompressor(Kind kind) {
        this.kind = kind;
        this.deflater = new Deflater(Deflater.BEST_SPEED);
        try {
            this.zstd =
                    kind == Kind.ZSTD_STREAM
                            ? new ZstdOutputStreamNoFinalizer(target, 1)
                            : OutputStream.nullOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean binary(int payloadLength) {
        return switch (kind) {
            case NONE -> false;
            case PAYLOAD -> payloadLength > PAYLOAD_THRESHOLD;
            case ZLIB_STREAM, ZSTD_STREAM -> true;
        };
    }

    ByteBuf compress(ByteBufAllocator allocator, byte[] payload) {
        if (!binary(payload.length)) {
            return Unpooled.wrappedBuffer(payload);
        }
        ByteBuf out = allocator.buffer(payload.length / 3 + 64);
        switch (kind) {
            case PAYLOAD -> {
                deflater.reset();
                deflate(payload, out, Deflater.NO_FLUSH, true);
            }
            case ZLIB_STREAM -> deflate(payload, out, Deflater.SYNC_FLUSH, false);
            case ZSTD_STREAM -> zstd(payload, out);
            case NONE -> throw new IllegalStateException("nothing to compress");
        }
        return out;
    }

    private void deflate(byte[] payload, ByteBuf out, int flush, boolean finish) {
        deflater.setInput(payload);
        if (finish) {
            deflater.finish();
        }
        int written = deflater.deflate(chunk, 0, chunk.length, flush);
        while (written > 0) {
            out.writeBytes(chunk, 0, written);
            if (written < chunk.length) {
                return;
            }
            written = deflater.deflate(chunk, 0, chunk.length, flush);
        }
    }

    private void zstd(byte[] payload, ByteBuf out) {
        try (ByteBufOutputStream to = new ByteBufOutputStream(out)) {
            target.to = to;
            zstd.write(payload);
            zstd.flush();
            target.to = OutputStream.nullOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        deflater.end();
        try {
            target.to = OutputStream.nullOutputStream();
            zstd.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One compressor, a new buffer for each message. */
    private static final class Redirected extends OutputStream {
        private OutputStream to = OutputStream.nullOutputStream();

        @Override
        public void write(int b) throws IOException {
            to.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            to.write(bytes, offset, length);
        }
    }
}
