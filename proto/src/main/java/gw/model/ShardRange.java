package gw.model;

/**
 * A contiguous run of shards, both ends inclusive, out of a total.
 *
 * @param first the lowest shard id, 0-based
 * @param last the highest shard id, inclusive
 * @param count how many shards the bot has in all, here and elsewhere
 */
public record ShardRange(int first, int last, int count) {
    public ShardRange {
        if (count < 1 || first < 0 || last < first || last >= count) {
            throw new IllegalArgumentException(
                    "shards "
                            + first
                            + ".."
                            + last
                            + " of "
                            + count
                            + " (expected: 0 <= first <= last <= count - 1)");
        }
    }

    /** How many shards are in the range. */
    public int size() {
        return last - first + 1;
    }

    /** Whether this shard is one of them. */
    public boolean contains(int shardId) {
        return shardId >= first && shardId <= last;
    }

    @Override
    public String toString() {
        return first + ".." + last + " of " + count;
    }
}
