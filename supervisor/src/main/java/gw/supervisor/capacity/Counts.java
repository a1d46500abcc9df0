package gw.supervisor.capacity;

import gw.model.ShardRange;

import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * In how many guilds each shard is, at one moment. A shard of which that is not known yet is not in
 * it. Immutable.
 */
public final class Counts {
    /** Discord's most for one shard; it refuses one that would have more, with 4011. */
    public static final int MOST_GUILDS = 2_500;

    private final SortedMap<Integer, Integer> byShard;
    private final long total;
    private final OptionalInt fullestShard;
    private final int fullestGuilds;

    private Counts(SortedMap<Integer, Integer> byShard) {
        this.byShard = byShard;
        long sum = 0;
        int most = -1;
        OptionalInt fullest = OptionalInt.empty();
        for (Map.Entry<Integer, Integer> shard : byShard.entrySet()) {
            sum += shard.getValue();
            if (shard.getValue() > most) {
                most = shard.getValue();
                fullest = OptionalInt.of(shard.getKey());
            }
        }
        this.total = sum;
        this.fullestShard = fullest;
        this.fullestGuilds = Math.max(0, most);
    }

    /** Guilds by shard id. */
    public static Counts of(Map<Integer, Integer> byShard) {
        return new Counts(new TreeMap<>(byShard));
    }

    /** Of all shards that are known. */
    public long total() {
        return total;
    }

    /** How many shards are known. */
    public int shards() {
        return byShard.size();
    }

    /** A shard's guilds; empty: not known. */
    public OptionalInt of(int shardId) {
        Integer guilds = byShard.get(shardId);
        return guilds == null ? OptionalInt.empty() : OptionalInt.of(guilds);
    }

    /** Guilds by shard id, ascending; a copy. */
    public SortedMap<Integer, Integer> byShard() {
        return new TreeMap<>(byShard);
    }

    /** The one with the most guilds, of several the first; empty: none is known. */
    public OptionalInt fullestShard() {
        return fullestShard;
    }

    /** Its guilds; 0 when none is known. */
    public int fullestGuilds() {
        return fullestGuilds;
    }

    /** How full the fullest is, in percent of {@link #MOST_GUILDS}. */
    public double fullestPercent() {
        return fullestGuilds * 100.0 / MOST_GUILDS;
    }

    /** Whether each of these shards is known. */
    public boolean isComplete(ShardRange shards) {
        return byShard.subMap(shards.first(), shards.last() + 1).size() == shards.size();
    }
}
