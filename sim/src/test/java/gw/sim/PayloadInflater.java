package gw.sim;

import com.github.luben.zstd.ZstdDecompressCtx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Undoes each compression, independently of how the sim does it. */
final class PayloadInflater implements AutoCloseable {
    private final String compress;
    private final Inflater inflater = new Inflater();
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** {@code compress} as in the query; empty: none, or single payloads. */
    PayloadInflater(String compress) {
        this.compress = compress;
    }

    /** The payload that ends with this message; empty when it goes on. */
    byte[] inflate(boolean binary, byte[] message) throws DataFormatException {
        return switch (compress) {
            case "zlib-stream" -> zlib(message);
            case "zstd-stream" -> zstd(message);
            default -> binary ? document(message) : message;
        };
    }

    private byte[] zlib(byte[] message) throws DataFormatException {
        pending.writeBytes(message);
        byte[] all = pending.toByteArray();
        int end = all.length;
        boolean whole =
                end >= 4
                        && all[end - 4] == 0
                        && all[end - 3] == 0
                        && all[end - 2] == -1
                        && all[end - 1] == -1;
        if (!whole) {
            return new byte[0];
        }
        pending.reset();
        inflater.setInput(all);
        return drain();
    }

    private byte[] document(byte[] message) throws DataFormatException {
        inflater.reset();
        inflater.setInput(message);
        byte[] plain = drain();
        if (!inflater.finished()) {
            throw new DataFormatException("cut");
        }
        return plain;
    }

    private byte[] drain() throws DataFormatException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        int length = inflater.inflate(chunk);
        while (length > 0) {
            out.write(chunk, 0, length);
            length = inflater.inflate(chunk);
        }
        return out.toByteArray();
    }

    private byte[] zstd(byte[] message) {
        ByteBuffer source = ByteBuffer.allocateDirect(message.length).put(message).flip();
        ByteBuffer target = ByteBuffer.allocateDirect(256 * 1024);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean full = true;
        while (source.hasRemaining() || full) {
            boolean frameOver = zstd.decompressDirectByteBufferStream(target, source);
            if (frameOver) {
                throw new IllegalStateException("the frame must never end");
            }
            full = !target.hasRemaining();
            target.flip();
            byte[] chunk = new byte[target.remaining()];
            target.get(chunk);
            out.writeBytes(chunk);
            target.clear();
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        inflater.end();
        zstd.close();
    }
}
