package gw.worker.link;

/**
 * How far a batch carries one session.
 *
 * @param shardId the session's shard
 * @param sessionId the session
 * @param sequence its last sequence in the batch
 */
public record Mark(int shardId, String sessionId, long sequence) {}
