package gw.supervisor.capacity;

import gw.model.ShardRange;

/**
 * What a decision to reshard stands on.
 *
 * @param own this supervisor's shards, of which the counts are
 * @param counts in how many guilds they are; a shard of which that is not known is not in it
 * @param percentage of {@link Counts#MOST_GUILDS}, 1..100: the fullest shard is not to have more
 * @param recommendedShards what {@code /gateway/bot} recommends, at least 1
 * @param maxConcurrency identify buckets, at least 1
 */
public record ReshardFacts(
        ShardRange own, Counts counts, int percentage, int recommendedShards, int maxConcurrency) {
    public ReshardFacts {
        if (percentage < 1 || percentage > 100) {
            throw new IllegalArgumentException("percentage: " + percentage + " (expected: 1..100)");
        }
        if (recommendedShards < 1) {
            throw new IllegalArgumentException(
                    "recommendedShards: " + recommendedShards + " (expected: >= 1)");
        }
        if (maxConcurrency < 1) {
            throw new IllegalArgumentException(
                    "maxConcurrency: " + maxConcurrency + " (expected: >= 1)");
        }
    }

    /** Whether the fullest shard has the percentage. */
    boolean isCrossed() {
        return counts.fullestGuilds() * 100L >= percentage * (long) Counts.MOST_GUILDS;
    }

    /** The bot's guilds in all its shards, if the others have as many as those that are known. */
    long estimatedGuilds() {
        return counts.shards() == 0
                ? 0
                : Math.ceilDiv(counts.total() * own.count(), counts.shards());
    }
}
