package gw.supervisor.identify;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** The buckets that are in use, and which of them is to be looked at next. */
final class BucketTable {
    private final long intervalNanos;
    private int maxConcurrency;

    /** Buckets that are not in the table yet open at this moment. */
    private long othersOpenNanos;

    private final Map<Integer, Bucket> byIndex = new TreeMap<>();
    private final TreeSet<Bucket> alarms =
            new TreeSet<>(
                    Comparator.<Bucket>comparingLong(bucket -> bucket.alarmNanos)
                            .thenComparingInt(bucket -> bucket.index));

    BucketTable(int maxConcurrency, long intervalNanos) {
        this.maxConcurrency = maxConcurrency;
        this.intervalNanos = intervalNanos;
    }

    int maxConcurrency() {
        return maxConcurrency;
    }

    /** The bucket of this key's shard. */
    Bucket of(int key) {
        if (key < 0) {
            throw new IllegalArgumentException("key: " + key + " (expected: >= 0)");
        }
        return byIndex.computeIfAbsent(
                IdentifyKey.shard(key) % maxConcurrency,
                index -> new Bucket(index, othersOpenNanos));
    }

    Collection<Bucket> all() {
        return byIndex.values();
    }

    /** How many tokens are out. */
    int outCount() {
        return byIndex.values().stream().mapToInt(bucket -> bucket.out().size()).sum();
    }

    /** Nothing is granted before this moment. */
    void closeAll(long untilNanos) {
        othersOpenNanos = Math.max(othersOpenNanos, untilNanos);
        byIndex.values()
                .forEach(bucket -> bucket.opensNanos = Math.max(bucket.opensNanos, untilNanos));
    }

    /**
     * Goes on with the windows of an earlier supervisor; now is 0.
     *
     * @param validNanos for so long after it went out a token may be used, and nobody hears of it
     */
    void restore(BudgetState state, long nowMillis, long validNanos) {
        closeAll(leftNanos(state.allUsedMillis(), nowMillis));
        for (BudgetState.Use use : state.uses()) {
            long opens =
                    use.out()
                            ? intervalNanos
                                    + Math.max(0, validNanos - ageNanos(use.atMillis(), nowMillis))
                            : leftNanos(use.atMillis(), nowMillis);
            if (state.maxConcurrency() == maxConcurrency && use.bucket() < maxConcurrency) {
                Bucket bucket = of(use.bucket());
                bucket.opensNanos = Math.max(bucket.opensNanos, opens);
            } else {
                closeAll(opens);
            }
        }
    }

    private long leftNanos(long usedMillis, long nowMillis) {
        return usedMillis == 0 ? 0 : Math.max(0, intervalNanos - ageNanos(usedMillis, nowMillis));
    }

    /** What lies in the future was written by a clock that was set back since. */
    private static long ageNanos(long atMillis, long nowMillis) {
        return TimeUnit.MILLISECONDS.toNanos(Math.max(0, nowMillis - atMillis));
    }

    /**
     * Deals the shards to other buckets. Which of the new ones was used when is not known: all of
     * them open with the last of the old.
     */
    void rebuild(int newMaxConcurrency, Collection<Place> places) {
        List<Grant> out = new ArrayList<>();
        long opens = othersOpenNanos;
        for (Bucket old : byIndex.values()) {
            out.addAll(old.out().values());
            opens = Math.max(opens, old.opensNanos);
        }
        byIndex.clear();
        alarms.clear();
        maxConcurrency = newMaxConcurrency;
        othersOpenNanos = opens;
        out.forEach(grant -> of(grant.key()).out().put(grant.key(), grant));
        places.forEach(place -> of(place.key).add(place));
    }

    /** Has this bucket looked at then; {@link Bucket#NEVER}: only when something happens to it. */
    void wake(Bucket bucket, long atNanos) {
        alarms.remove(bucket);
        bucket.alarmNanos = atNanos;
        if (atNanos != Bucket.NEVER) {
            alarms.add(bucket);
        }
    }

    /** A bucket whose moment has come; null: there is none. */
    @Nullable Bucket pollDue(long nowNanos) {
        if (alarms.isEmpty() || alarms.first().alarmNanos > nowNanos) {
            return null;
        }
        Bucket due = alarms.removeFirst();
        due.alarmNanos = Bucket.NEVER;
        return due;
    }

    /** When the next bucket is to be looked at. */
    long nextNanos() {
        return alarms.isEmpty() ? Bucket.NEVER : alarms.first().alarmNanos;
    }

    /** For the file: when the buckets that it doesn't name were used last; 0: long ago. */
    long allUsedMillis(long nowNanos, long nowMillis) {
        return othersOpenNanos > nowNanos ? usedMillis(othersOpenNanos, nowNanos, nowMillis) : 0;
    }

    /** For the file: the buckets whose window runs or whose token is out. */
    List<BudgetState.Use> uses(long nowNanos, long nowMillis) {
        List<BudgetState.Use> uses = new ArrayList<>();
        for (Bucket bucket : byIndex.values()) {
            boolean out = !bucket.out().isEmpty();
            if (out || bucket.opensNanos > nowNanos) {
                long used = out ? nowMillis : usedMillis(bucket.opensNanos, nowNanos, nowMillis);
                uses.add(new BudgetState.Use(bucket.index, used, out));
            }
        }
        return uses;
    }

    private long usedMillis(long opensNanos, long nowNanos, long nowMillis) {
        long agoNanos = intervalNanos - (opensNanos - nowNanos);
        // Rounded up, lest the window shrink by what a millisecond hides.
        return Math.max(0, nowMillis - TimeUnit.NANOSECONDS.toMillis(agoNanos) + 1);
    }
}
