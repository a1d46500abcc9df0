package gw.worker.link;

/**
 * Memory for records, which are written once and stay where they are until the supervisor has acked
 * them. Owned by the event loop.
 */
public final class RecordChunk {
    private final byte[] bytes;
    private int unacked;
    private boolean full;

    RecordChunk(int size) {
        bytes = new byte[size];
    }

    /** The memory itself. */
    public byte[] bytes() {
        return bytes;
    }

    /** A batch of it was sent. */
    void sent() {
        unacked++;
    }

    /** A batch of it is safe. */
    void acked() {
        unacked--;
    }

    /** Nothing more is written to it, or it begins anew. */
    void full(boolean now) {
        full = now;
    }

    /** Whether nobody needs anything that stands in it. */
    boolean isFree() {
        return full && unacked == 0;
    }
}
