package gw.supervisor.identify;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Places that were given back. A shard whose connection broke a moment before its token came should
 * not go to the end of a queue of an hour. At most one a shard.
 */
final class FormerPlaces {
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Map<Integer, Former> byShard = new HashMap<>();

    void remember(int shardId, long order, boolean replacing, long nowNanos) {
        byShard.put(shardId, new Former(order, replacing, nowNanos));
    }

    /** Forgets the shard's former place and gives it; null: there is none. */
    @Nullable Former forget(int shardId) {
        return byShard.remove(shardId);
    }

    /**
     * A place that was given back.
     *
     * @param replacing holds for as long as the shard has not identified
     */
    record Former(long order, boolean replacing, long leftNanos) {
        /** Whether the shard may have it back. */
        boolean isRecent(long nowNanos) {
            return nowNanos - leftNanos < KEPT_NANOS;
        }
    }
}
