package gw.worker.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where a payload is gathered: an array that grows to the largest payload's need, up to a bound,
 * and shrinks again. One serves all connections of an event loop whose messages are complete within
 * one call; a connection that waits for the rest of a message needs its own. Owned by one thread.
 */
public final class PayloadBuffer {
    private static final int INITIAL_BYTES = 16 * 1024;
    private static final int KEEP_BYTES = 512 * 1024;

    private final int maxBytes;
    private byte[] bytes = new byte[0];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int length;

    /**
     * Starts empty.
     *
     * @param maxBytes largest payload
     */
    public PayloadBuffer(long maxBytes) {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 1)");
        }
        this.maxBytes = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16);
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** The room that there is, to be written to; the same object each time. */
    ByteBuffer free() {
        return view.clear().position(length);
    }

    void advance(int written) {
        length += written;
    }

    /** Makes room for at least one byte more and gives the room there is. */
    int room() throws CodecException {
        return room(1);
    }

    int room(int least) throws CodecException {
        long needed = (long) length + least;
        if (needed > maxBytes) {
            throw new CodecException("message is larger than " + maxBytes + " bytes");
        }
        if (needed > bytes.length) {
            long doubled = Math.max(INITIAL_BYTES, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(doubled, needed)));
            view = ByteBuffer.wrap(bytes);
        }
        return bytes.length - length;
    }

    void append(byte[] from, int offset, int count) throws CodecException {
        if (count > 0) {
            room(count);
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
        }
    }

    /** Forgets the payload; an array that one giant has grown is given back. */
    void clear() {
        length = 0;
        if (bytes.length > KEEP_BYTES) {
            bytes = new byte[0];
            view = ByteBuffer.wrap(bytes);
        }
    }
}
