package gw.worker.link;

import gw.proto.v1.WorkerConfig;

/** Hears the supervisor. All calls are on the event loop. */
public interface LinkListener {
    /** Attached; comes again after each re-attachment. */
    void configured(WorkerConfig config);

    /** The supervisor won't have this worker. */
    void refused(String reason);

    /** Nobody answered for the orphan timeout. */
    void orphaned();

    void turn(int shardId);

    void granted(int shardId, long grantId, long expiresAtMillis);

    void restart(int shardId, boolean fresh);

    void shutdown(int withinMillis, boolean endSessions);

    /** The supervisor has no room for more, or has some again. */
    void held(boolean on);

    /** A session's events are safe up to this sequence. */
    void durable(int shardId, String sessionId, long sequence);

    /** The window shrank. */
    void windowMoved();

    /** Something is wrong with the link, in words; it is being dialled again. */
    void trouble(String what);
}
