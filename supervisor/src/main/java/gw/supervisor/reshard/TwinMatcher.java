package gw.supervisor.reshard;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pairs the events of two generations by content, each with one of the other: of three equal ones
 * here and two there, one is left over. Which came first makes no difference. Owned by one thread.
 */
final class TwinMatcher {
    private record Noted(long key, long micros) {}

    /**
     * An event of the next generation that the serving one has not had so far.
     *
     * @param offset where it stands in the shadow log; later ones stand behind
     * @param length in bytes
     * @param micros when it came, microseconds since the epoch
     */
    record Held(long key, long offset, int length, long micros) {}

    /** How often each was had by the serving generation alone. */
    private final Map<Long, Integer> alone = new HashMap<>();

    private final ArrayDeque<Noted> order = new ArrayDeque<>();
    private final TreeMap<Long, Held> held = new TreeMap<>();
    private final Map<Long, ArrayDeque<Held>> byKey = new HashMap<>();
    private long pairs;

    /** The serving generation has had it. */
    void live(long key, long micros) {
        ArrayDeque<Held> same = byKey.get(key);
        if (same == null) {
            var _ = alone.merge(key, 1, Integer::sum);
            order.addLast(new Noted(key, micros));
            return;
        }
        pairs++;
        letGo(same.removeFirst(), same);
    }

    /** The next generation brings it; it is held when the serving one has not had it. */
    void shadow(Held event) {
        if (take(event.key())) {
            return;
        }
        held.put(event.offset(), event);
        byKey.computeIfAbsent(event.key(), _ -> new ArrayDeque<>(1)).addLast(event);
    }

    /**
     * The next generation brings it, when the serving one has gone.
     *
     * @return whether that had it
     */
    boolean take(long key) {
        Integer count = alone.get(key);
        if (count == null) {
            return false;
        }
        pairs++;
        if (count == 1) {
            alone.remove(key);
        } else {
            alone.put(key, count - 1);
        }
        return true;
    }

    /** What {@link #take} took is as it was before. */
    void putBack(long key) {
        pairs--;
        var _ = alone.merge(key, 1, Integer::sum);
    }

    /** Forgets what the serving generation had before: no twin of it comes any more. */
    void forgetBefore(long micros) {
        for (Noted first = order.peekFirst();
                first != null && first.micros() < micros;
                first = order.peekFirst()) {
            order.removeFirst();
            var _ =
                    alone.computeIfPresent(
                            first.key(), (_, count) -> count == 1 ? null : count - 1);
        }
    }

    /** What is held, as it came. */
    Collection<Held> held() {
        return List.copyOf(held.values());
    }

    /** How many are held. */
    int heldCount() {
        return held.size();
    }

    /** Nothing is held any more. */
    void releaseAll() {
        held.clear();
        byKey.clear();
    }

    /** How many pairs were found. */
    long pairs() {
        return pairs;
    }

    /** Forgets everything. */
    void clear() {
        releaseAll();
        alone.clear();
        order.clear();
        pairs = 0;
    }

    private void letGo(Held event, @Nullable ArrayDeque<Held> same) {
        held.remove(event.offset());
        if (same != null && same.isEmpty()) {
            byKey.remove(event.key());
        }
    }
}
