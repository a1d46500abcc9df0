package gw.supervisor.identify;

/**
 * Until Discord has taken one IDENTIFY of this run, one is out at a time, over all buckets: a token
 * or an intent that it refuses costs one session start, not one for each bucket (P4). An answer
 * that doesn't come ends the trial after a while: it must not hold up a start. A trial that begins
 * anew is for something that Discord may refuse though it took what went before, so only the answer
 * to the token of the trial itself counts then.
 */
final class Trial {
    private static final int NOBODY = -1;

    private final long patienceNanos;
    private boolean over;
    private boolean anyAnswerCounts = true;
    private int key = NOBODY;
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
            finish();
        }
    }

    /** Whether a token may go out. */
    boolean allows() {
        return over || key == NOBODY;
    }

    /** When {@link #expire} will end it; {@link Bucket#NEVER}: no answer is awaited. */
    long untilNanos() {
        return untilNanos;
    }

    /** A token went out to this shard. */
    void granted(int toKey, long nowNanos) {
        if (!over) {
            key = toKey;
            untilNanos = nowNanos + patienceNanos;
        }
    }

    /** The token of this shard came to nothing, or its connection did: another one may try. */
    void failed(int ofKey) {
        if (key == ofKey) {
            end();
        }
    }

    /** Discord took this shard's session. */
    void passed(int ofKey) {
        if (anyAnswerCounts || key == ofKey) {
            finish();
        }
    }

    /** The next token that goes out is alone until its answer comes. */
    void beginAnew() {
        end();
        over = patienceNanos == 0;
        anyAnswerCounts = false;
    }

    private void finish() {
        over = true;
        end();
    }

    private void end() {
        open |= key != NOBODY;
        key = NOBODY;
        untilNanos = Bucket.NEVER;
    }

    /** Whether buckets that were held back may go on since this was last asked. */
    boolean takeOpen() {
        boolean was = open;
        open = false;
        return was;
    }
}
