package gw.sim.gateway;

/** Who owns what, by Discord's formula. */
final class Shards {
    private Shards() {}

    /** Whether this shard hears of this guild; 0: of what happens outside of all. */
    static boolean owns(int shardId, int shardCount, long guildId) {
        return guildId == 0 ? shardId == 0 : GuildIds.shard(guildId, shardCount) == shardId;
    }

    /** Whether a guild can be of both: there is a number with both remainders. */
    static boolean overlap(int shardId, int shardCount, int otherId, int otherCount) {
        return (shardId - otherId) % divisor(shardCount, otherCount) == 0;
    }

    private static int divisor(int one, int other) {
        return other == 0 ? one : divisor(other, one % other);
    }
}
