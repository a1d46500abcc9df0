package gw.sim.bot;

/**
 * What the headers of a delivery say.
 *
 * @param id {@code session_id:seq}
 * @param name the event's name
 * @param shardId the shard that received it
 * @param shardCount its shard count
 * @param attempt which try it is, from 1
 */
public record EventHead(String id, String name, int shardId, int shardCount, int attempt) {}
