package gw.sim.bot;

/**
 * An announcement of lost events, {@code GW_GAP}.
 *
 * @param id under which it came; the id of the last lost event, or a session's with sequence 0
 * @param shardId the shard that lost them
 * @param shardCount its shard count
 * @param order its place among all arrivals
 * @param payload its JSON
 */
public record ReceivedGap(String id, int shardId, int shardCount, long order, String payload) {}
