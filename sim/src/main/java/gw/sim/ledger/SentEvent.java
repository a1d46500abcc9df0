package gw.sim.ledger;

/**
 * One dispatch that the sim wrote to a session, whether or not the socket lived to carry it.
 *
 * @param shardId the session's shard
 * @param shardCount the session's shard count
 * @param sessionId the session
 * @param sequence its {@code s} in that session
 * @param name its {@code t}
 * @param guildId its guild, 0: none
 * @param happening the number of what happened, in the order in which things happened: the same in
 *     every session that was told of it; 0: it is this session's own, such as READY
 * @param order its place among all events of the sim
 * @param payloadHash 64-bit hash of the exact payload bytes
 * @param sentAtNanos monotonic, in the time of the ledger's clock
 */
public record SentEvent(
        int shardId,
        int shardCount,
        String sessionId,
        long sequence,
        String name,
        long guildId,
        long happening,
        long order,
        long payloadHash,
        long sentAtNanos) {
    /** Whether it belongs to its session alone: READY, start-up GUILD_CREATEs, RESUMED, answers. */
    public boolean isOwn() {
        return happening == 0;
    }

    /** The id under which a bot receives it: {@code session_id:seq}. */
    public String id() {
        return sessionId + ":" + sequence;
    }
}
