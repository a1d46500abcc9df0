package gw.sim.bot;

/**
 * A delivery that the bot settled.
 *
 * @param sessionId of its id
 * @param sequence of its id
 * @param name the event's name
 * @param shardId the shard that received it
 * @param shardCount its shard count
 * @param order its place among all arrivals
 * @param payloadHash {@link gw.sim.ledger.PayloadHash} of the exact bytes of {@code data}
 * @param arrivedAtNanos {@link System#nanoTime()} when the request was there as a whole
 */
public record ReceivedEvent(
        String sessionId,
        long sequence,
        String name,
        int shardId,
        int shardCount,
        long order,
        long payloadHash,
        long arrivedAtNanos) {
    /** {@code session_id:seq}. */
    public String id() {
        return sessionId + ":" + sequence;
    }
}
