package gw.worker.socket;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/** Gathers the frames of one message into an array; owned by one event loop. */
final class MessageBuffer {
    private static final int KEEP_BYTES = 256 * 1024;

    private byte[] bytes = new byte[0];
    private int length;

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Appends a frame; false when the message grows past the bound. */
    boolean append(ByteBuf frame, int maxBytes) {
        int more = frame.readableBytes();
        long needed = (long) length + more;
        if (needed > maxBytes) {
            return false;
        }
        if (needed > bytes.length) {
            long doubled = Math.max(4 * 1024, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(maxBytes, Math.max(doubled, needed)));
        }
        frame.getBytes(frame.readerIndex(), bytes, length, more);
        length += more;
        return true;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEEP_BYTES) {
            bytes = new byte[0];
        }
    }
}
