package gw.sim.gateway;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Ids of sessions: 32 hexadecimal digits. The n-th session of a shard has the same id in every run
 * with the same seed, whatever the other shards do.
 */
final class SessionIds {
    private record Shard(int id, int count) {}

    private final long seed;
    private final Map<Shard, SplittableRandom> byShard = new HashMap<>();

    SessionIds(long seed) {
        this.seed = seed;
    }

    String next(int shardId, int shardCount) {
        SplittableRandom random =
                byShard.computeIfAbsent(
                        new Shard(shardId, shardCount),
                        shard ->
                                new SplittableRandom(
                                        seed * 31 + ((long) shard.count() << 32 | shard.id())));
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }
}
