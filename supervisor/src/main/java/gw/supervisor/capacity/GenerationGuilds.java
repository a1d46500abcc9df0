package gw.supervisor.capacity;

import gw.model.ShardRange;

import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The guilds of one generation of shards. Owned by the data event loop. */
final class GenerationGuilds {
    private final IntObjectHashMap<ShardGuilds> shards = new IntObjectHashMap<>();

    /** Where Discord puts a guild depends on it; 0 as long as no shard is known. */
    private int shardCount;

    @Nullable ShardGuilds shard(int shardId) {
        return shards.get(shardId);
    }

    boolean isEmpty() {
        return shards.isEmpty();
    }

    /** What is known of a shard from now on; shards of another count are those of a former plan. */
    void put(int shardId, ShardGuilds shard) {
        if (shard.shardCount() != shardCount) {
            shards.clear();
            shardCount = shard.shardCount();
        }
        shards.put(shardId, shard);
    }

    /** Forgets all but these. */
    void keepOnly(ShardRange own) {
        if (own.count() != shardCount) {
            shards.clear();
        }
        shards.keySet().removeIf(shardId -> !own.contains(shardId));
    }

    boolean isAbsent(long guild) {
        if (shardCount < 1) {
            return false;
        }
        ShardGuilds shard = shards.get((int) ((guild >>> 22) % shardCount));
        return shard != null && shard.absent().contains(guild);
    }

    int absent() {
        int all = 0;
        for (ShardGuilds shard : shards.values()) {
            all += shard.absent().size();
        }
        return all;
    }

    /** How many guilds are absent here and in the other. */
    int absentInBoth(GenerationGuilds other) {
        if (absent() > other.absent()) {
            return other.absentInBoth(this);
        }
        int both = 0;
        for (ShardGuilds shard : shards.values()) {
            if (shard.absent().size() > 0) {
                both += shard.absent().count(other::isAbsent);
            }
        }
        return both;
    }

    Counts counts() {
        Map<Integer, Integer> guilds = new HashMap<>();
        for (IntObjectMap.PrimitiveEntry<ShardGuilds> shard : shards.entries()) {
            guilds.put(shard.key(), shard.value().guilds());
        }
        return Counts.of(guilds);
    }

    List<KeptShard> kept(int generation) {
        List<KeptShard> all = new ArrayList<>(shards.size());
        for (IntObjectMap.PrimitiveEntry<ShardGuilds> shard : shards.entries()) {
            all.add(shard.value().kept(generation, shard.key()));
        }
        return all;
    }
}
