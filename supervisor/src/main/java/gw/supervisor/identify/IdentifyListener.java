package gw.supervisor.identify;

import java.time.Duration;
import java.time.Instant;

/**
 * What whoever issues the tokens tells. Called on the thread that owns it; calls back into it are
 * fine. Keys are {@link IdentifyKey}s.
 */
public interface IdentifyListener {
    /** This shard's turn is near: it should connect now. */
    void turn(int key);

    /**
     * Permission for exactly one IDENTIFY.
     *
     * @param grantId to be named in {@link Identifies#sent} or {@link Identifies#released}
     * @param validFor not to be used later than this after its arrival
     */
    void grant(int key, long grantId, Duration validFor);

    /**
     * The session start limit has no room for a shard that waits. Told once for each moment.
     *
     * @param until when it is full again
     */
    void limitExhausted(Instant until);

    /**
     * The limit may be full again: read {@code /gateway/bot} and tell {@link Identifies#limit}.
     * Told again, ever more rarely, while that brings nothing.
     */
    void wantsFreshLimit();
}
