package gw.supervisor.identify;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/** The shards of one rate limit bucket that wait for a token, in order, and the bucket's window. */
final class Bucket {
    static final long NEVER = Long.MAX_VALUE;

    final int index;

    /** Nothing is granted before this moment. */
    long opensNanos;

    /** The key whose IDENTIFY closed it; -1: nobody knows of one. */
    private int usedBy = -1;

    private long usedNanos;

    /** When to look at it again; kept in step with the limiter's alarms. */
    long alarmNanos = NEVER;

    private final TreeMap<Long, Place> all = new TreeMap<>();
    private final TreeMap<Long, Place> replacing = new TreeMap<>();
    private final TreeMap<Long, Place> ready = new TreeMap<>();
    private final TreeMap<Long, Place> readyReplacing = new TreeMap<>();
    private final Map<Integer, Grant> out = new HashMap<>();
    private boolean positionsKnown;

    Bucket(int index, long opensNanos) {
        this.index = index;
        this.opensNanos = opensNanos;
    }

    void add(Place place) {
        long rank = place.rank();
        all.put(rank, place);
        if (place.mayUseReserve()) {
            replacing.put(rank, place);
        }
        if (place.ready) {
            ready.put(rank, place);
            if (place.mayUseReserve()) {
                readyReplacing.put(rank, place);
            }
        }
        positionsKnown = false;
    }

    void remove(Place place) {
        long rank = place.rank();
        all.remove(rank);
        replacing.remove(rank);
        ready.remove(rank);
        readyReplacing.remove(rank);
        positionsKnown = false;
    }

    /** The places that may get a token as the limit stands: foreground first, first come first. */
    Collection<Place> line(boolean onlyReplacing) {
        return (onlyReplacing ? replacing : all).values();
    }

    /** The first of {@link #line} that can use a token at once; null: none can. */
    @Nullable Place firstReady(boolean onlyReplacing) {
        Map.Entry<Long, Place> first = (onlyReplacing ? readyReplacing : ready).firstEntry();
        return first == null ? null : first.getValue();
    }

    /** How many wait. */
    int size() {
        return all.size();
    }

    /** The place's rank, from 1. Counted anew only after a change, since a status asks for all. */
    int position(Place place) {
        if (!positionsKnown) {
            int rank = 1;
            for (Place each : all.values()) {
                each.position = rank++;
            }
            positionsKnown = true;
        }
        return place.position;
    }

    /** Tokens of this bucket that are out: one, or several after max_concurrency has changed. */
    Map<Integer, Grant> out() {
        return out;
    }

    /** An IDENTIFY was written, or has to be taken for written, by this moment. */
    void used(long nowNanos, long intervalNanos) {
        opensNanos = Math.max(opensNanos, nowNanos + intervalNanos);
        usedBy = -1;
    }

    /**
     * This shard's IDENTIFY was written by this moment.
     *
     * @param patienceNanos how long its answer is waited for
     */
    void usedBy(int key, long nowNanos, long patienceNanos) {
        used(nowNanos, patienceNanos);
        usedBy = key;
        usedNanos = nowNanos;
    }

    /** Whether it was this shard's IDENTIFY that closed it, and what became of it is open. */
    boolean awaitsAnswerTo(int key) {
        return usedBy == key;
    }

    /** The same of any of these shards. */
    boolean awaitsAnswer(IntPredicate keys) {
        return usedBy >= 0 && keys.test(usedBy);
    }

    /** When the IDENTIFY was written whose answer is awaited. */
    long usedNanos() {
        return usedNanos;
    }

    /** The answer is no longer awaited, and it opens no later than this. */
    void answered(long opensAtNanos) {
        usedBy = -1;
        opensNanos = Math.min(opensNanos, opensAtNanos);
    }
}
