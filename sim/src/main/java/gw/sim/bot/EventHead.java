package gw.sim.bot;

/**
 * What the headers of a delivery say.
 *
 * @param id {@code session_id:seq}
 * @param name the event's name
 * @param shardId the shard that received it
 * @param shardCount its shard count
 * @param attempt which try it is, from 1
 * @param deferredBy callback type by which the interaction was answered in the bot's place; 0: it
 *     was not
 */
public record EventHead(
        String id, String name, int shardId, int shardCount, int attempt, int deferredBy) {}
