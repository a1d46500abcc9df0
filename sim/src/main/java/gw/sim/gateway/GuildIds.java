package gw.sim.gateway;

import java.util.List;
import java.util.SplittableRandom;

/** Makes ids that look like Discord's: time of creation, worker, process, count. */
final class GuildIds {
    private static final long FIRST_MILLIS = 1L << 36;
    private static final long LAST_MILLIS = 340_000_000_000L;

    private GuildIds() {}

    /** So many different ones in ascending order, evenly spread over any number of shards. */
    static List<Long> create(int guilds, SplittableRandom random) {
        return random.longs(FIRST_MILLIS, LAST_MILLIS)
                .distinct()
                .limit(guilds)
                .sorted()
                .map(millis -> millis << 22 | random.nextLong(1L << 22))
                .boxed()
                .toList();
    }

    static int shard(long guildId, int shardCount) {
        return (int) ((guildId >> 22) % shardCount);
    }
}
