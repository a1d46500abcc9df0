package gw.sim.bot;

/**
 * What gw itself says to the bot, gaps apart, such as {@code GW_RESHARDED}: Discord sent no such
 * event.
 *
 * @param id under which it came
 * @param name its name, which begins with {@code GW_}
 * @param shardId the shard that it names
 * @param shardCount its shard count
 * @param order its place among all arrivals
 * @param payload its JSON
 */
public record ReceivedNotice(
        String id, String name, int shardId, int shardCount, long order, String payload) {}
