package gw.supervisor.log;

/**
 * What the log knows of a shard's last session: enough to resume it after every process of gw has
 * died, or to tell the bot that it is over.
 *
 * @param shardId the shard that held it
 * @param shardCount the count that shard id belongs to: under another it can't be resumed
 * @param intents those of its IDENTIFY: a session never gets others
 * @param sessionId READY's {@code session_id}
 * @param resumeUrl READY's {@code resume_gateway_url}
 * @param sequence the highest sequence that is in the log, from which Discord replays
 * @param ended it is over, and its gap may not have been announced yet: nothing is to be resumed
 */
public record KeptSession(
        int shardId,
        int shardCount,
        long intents,
        String sessionId,
        String resumeUrl,
        long sequence,
        boolean ended) {}
