package gw.supervisor.identify;

/**
 * Until Discord has taken one IDENTIFY of this run, one is out at a time, over all buckets: a token
 * or an intent that it refuses costs one session start, not one for each bucket (P4). An answer
 * that doesn't come ends the trial after a while: it must not hold up a start.
 */
final class Trial {
    private static final int NOBODY = -1;

    private final long patienceNanos;
    private boolean over;
    private int shardId = NOBODY;
    private long untilNanos = Bucket.NEVER;
    private boolean open;

    /**
     * A trial that has not begun.
     *
     * @param patienceNanos how long to wait for an answer; 0: there is no trial
     */
    Trial(long patienceNanos) {
        this.patienceNanos = patienceNanos;
        this.over = patienceNanos == 0;
    }

    /** Ends the trial when the answer has not come by this moment. */
    void expire(long nowNanos) {
        if (nowNanos >= untilNanos) {
            passed();
        }
    }

    /** Whether a token may go out. */
    boolean allows() {
        return over || shardId == NOBODY;
    }

    /** When {@link #expire} will end it; {@link Bucket#NEVER}: no answer is awaited. */
    long untilNanos() {
        return untilNanos;
    }

    /** A token went out to this shard. */
    void granted(int toShardId, long nowNanos) {
        if (!over) {
            shardId = toShardId;
            untilNanos = nowNanos + patienceNanos;
        }
    }

    /** The token of this shard came to nothing, or its connection did: another one may try. */
    void failed(int ofShardId) {
        if (shardId == ofShardId) {
            end();
        }
    }

    /** Discord took one. */
    void passed() {
        over = true;
        end();
    }

    private void end() {
        open |= shardId != NOBODY;
        shardId = NOBODY;
        untilNanos = Bucket.NEVER;
    }

    /** Whether buckets that were held back may go on since this was last asked. */
    boolean takeOpen() {
        boolean was = open;
        open = false;
        return was;
    }
}
