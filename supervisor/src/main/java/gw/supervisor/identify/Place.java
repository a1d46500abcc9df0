package gw.supervisor.identify;

/** A shard's place in the queue of its bucket. */
final class Place {
    private static final long BEHIND = 1L << 62;

    final int key;
    long order;

    /** It had a session that Discord ended. */
    boolean replacing;

    /** Its slot stands behind the others. */
    boolean background;

    /** Its turn was told, at {@link #turnedNanos}. */
    boolean turned;

    long turnedNanos;
    boolean ready;

    /** From 1, as of the last {@link Bucket#position}. */
    int position;

    Place(int key, long order, boolean replacing, boolean background) {
        this.key = key;
        this.order = order;
        this.replacing = replacing;
        this.background = background;
    }

    /** Sorts a bucket's places. */
    long rank() {
        return background ? order + BEHIND : order;
    }

    /** Whether the session starts that are kept back are for it, too. */
    boolean mayUseReserve() {
        return replacing && !background;
    }
}
