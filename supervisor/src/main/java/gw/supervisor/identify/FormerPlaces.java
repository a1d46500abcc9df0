package gw.supervisor.identify;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * Places that were given back. A shard whose connection broke a moment before its token came should
 * not go to the end of a queue of an hour. At most one a shard.
 */
final class FormerPlaces {
    private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final Map<Integer, Former> byKey = new HashMap<>();

    void remember(int key, long order, boolean replacing, long nowNanos) {
        byKey.put(key, new Former(order, replacing, nowNanos));
    }

    /** Forgets all of these. */
    void forgetAll(IntPredicate keys) {
        byKey.keySet().removeIf(keys::test);
    }

    /** Forgets the shard's former place and gives it; null: there is none. */
    @Nullable Former forget(int key) {
        return byKey.remove(key);
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
