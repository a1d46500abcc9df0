package gw.sim.gateway;

/**
 * A session that its client left for a new one of the same shard and count, though the sim had not
 * ended it. It had no connection then, and never had one again.
 *
 * @param sessionId the one that was left
 * @param shardId its shard
 * @param shardCount its shard count
 * @param acknowledged whether its client ever said that it knows it: by RESUME, or by a heartbeat
 *     with a sequence. One that never did may not have read READY.
 * @param startedNanos when it was made; {@link System#nanoTime()}
 * @param replacedNanos when the new one was made
 */
public record AbandonedSession(
        String sessionId,
        int shardId,
        int shardCount,
        boolean acknowledged,
        long startedNanos,
        long replacedNanos) {}
