package gw.supervisor.identify;

import java.time.Duration;
import java.time.Instant;

/** What the limiter tells. Called on the limiter's thread; calls back into the limiter are fine. */
public interface IdentifyListener {
    /** This shard's turn is near: it should connect now. */
    void turn(int shardId);

    /**
     * Permission for exactly one IDENTIFY.
     *
     * @param grantId to be named in {@link IdentifyLimiter#sent} or {@link
     *     IdentifyLimiter#released}
     * @param validFor not to be used later than this after its arrival
     */
    void grant(int shardId, long grantId, Duration validFor);

    /**
     * The session start limit has no room for a shard that waits. Told once for each moment.
     *
     * @param until when it is full again
     */
    void limitExhausted(Instant until);

    /**
     * The limit may be full again: read {@code /gateway/bot} and tell {@link
     * IdentifyLimiter#limit}. Told again, ever more rarely, while that brings nothing.
     */
    void wantsFreshLimit();
}
