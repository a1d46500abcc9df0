package gw.supervisor.identify;

/** A shard's place in the queue of its bucket. */
final class Place {
    final int shardId;
    long order;

    /** It had a session that Discord ended: the reserve is for it. */
    boolean replacing;

    /** Its turn was told, at {@link #turnedNanos}. */
    boolean turned;

    long turnedNanos;
    boolean ready;

    /** From 1, as of the last {@link Bucket#position}. */
    int position;

    Place(int shardId, long order, boolean replacing) {
        this.shardId = shardId;
        this.order = order;
        this.replacing = replacing;
    }
}
