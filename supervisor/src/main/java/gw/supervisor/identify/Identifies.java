package gw.supervisor.identify;

import gw.model.SessionStartLimit;

import java.util.function.IntPredicate;

/**
 * Where identify tokens come from (P4, P5): this supervisor's own limiter, or the identify
 * authority of several supervisors. Tokens and turns are told to an {@link IdentifyListener}. Keys
 * are {@link IdentifyKey}s. Not thread-safe: all calls are made by the one thread that owns it.
 */
public interface Identifies {
    /**
     * A shard needs a new session. When it is queued already it keeps its place, and is told its
     * turn again.
     *
     * @param replacesLostSession Discord ended its session: it may use the reserve
     */
    void wanted(int key, boolean replacesLostSession);

    /** HELLO came: the shard can identify the instant it may. */
    void ready(int key);

    /**
     * IDENTIFY was written: the bucket's window runs from now. This holds for a token that is no
     * longer known, too.
     */
    void sent(int key, long grantId);

    /**
     * The connection broke before IDENTIFY was written.
     *
     * @param grantId the token that is given back; 0: only the place in the queue is
     */
    void released(int key, long grantId);

    /**
     * What became of a shard that had identified.
     *
     * @param accepted READY came; else the connection is gone
     */
    void answered(int key, boolean accepted);

    /** A worker died: its tokens are taken for used, its places are given back. */
    void workerLost(IntPredicate keys);

    /**
     * These shards will never identify: their places are given up for good. A token that is out is
     * taken for used once it has expired, for its worker may live.
     */
    void forget(IntPredicate keys);

    /** Discord's figures were read anew. */
    void limit(SessionStartLimit fresh);

    /** The shard's place in its bucket's queue, from 1; 0: it isn't queued. */
    int position(int key);

    /** How it stands. */
    IdentifySnapshot snapshot();

    /**
     * Puts a slot behind the others, or back among them. Places of a background slot wait behind
     * all others of their bucket, leave the session starts that these still need, and may not use
     * the reserve.
     */
    void background(int slot, boolean on);

    /**
     * What is about to identify may be refused: until Discord has taken the next IDENTIFY, one is
     * out at a time over all buckets.
     */
    void tryOneFirst();
}
