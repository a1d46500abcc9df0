package gw.supervisor.log;

import java.nio.ByteBuffer;

/**
 * Memory on which records stand, for several at once: it is written over when the last of them has
 * left. One who never leaves costs only that it is not used again. Owned by one thread.
 */
final class Page {
    private final byte[] bytes;
    private final ByteBuffer view;
    private final PagePool home;
    private int users = 1;

    /** Whoever asked for it is its first user. */
    Page(byte[] bytes, PagePool home) {
        this.bytes = bytes;
        this.view = ByteBuffer.wrap(bytes);
        this.home = home;
    }

    byte[] bytes() {
        return bytes;
    }

    /** A part of it, to be read; the same object each time. */
    ByteBuffer view(int from, int to) {
        return view.clear().position(from).limit(to);
    }

    /** Whether too many like this one are in use. */
    boolean isScarce() {
        return home.isScarce();
    }

    /** One more stands on it. */
    void use() {
        users++;
    }

    /** One of those that stand on it needs it no more. */
    void leave() {
        users--;
        if (users == 0) {
            home.takeBack(this);
        } else if (users < 0) {
            throw new IllegalStateException("a page was left more often than it was used");
        }
    }

    /** Is used by one again. */
    void reuse() {
        users = 1;
    }
}
