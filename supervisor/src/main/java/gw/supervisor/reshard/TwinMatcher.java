package gw.supervisor.reshard;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pairs the events of two generations: each of one with one of the other of the same content, in
 * the order of their guild. An event that was passed over, because one behind it has found its
 * twin, had its own before the other generation began; it waits a moment longer, for two sessions
 * need not agree on an order to the last. So an equal event that comes later is not taken for its
 * twin. While both sessions run undisturbed, two that came far apart are no pair either. None of
 * this keeps what is held from its twin, however late that comes: an equal one in its place would
 * only be held instead of it, while one that is not found is told twice. Owned by one thread.
 */
final class TwinMatcher {
    /**
     * How much later an event may come in one session than others that it precedes in the other.
     */
    private static final long OUT_OF_ORDER_MICROS = 500_000;

    private static final long NOT_PASSED = Long.MAX_VALUE / 2;

    /** An event without a twin so far. */
    abstract static class Single {
        final long key;
        final long micros;
        private long passedMicros = NOT_PASSED;

        Single(long key, long micros) {
            this.key = key;
            this.micros = micros;
        }

        /** One behind it has found its twin. */
        void pass(long atMicros) {
            passedMicros = Math.min(passedMicros, atMicros);
        }

        boolean isPassed() {
            return passedMicros != NOT_PASSED;
        }

        /** Whether no twin of it is awaited any more. */
        boolean isOver(long nowMicros) {
            return nowMicros - passedMicros > OUT_OF_ORDER_MICROS;
        }
    }

    private static final class Noted extends Single {
        Noted(long key, long micros) {
            super(key, micros);
        }
    }

    /** An event of the next generation that the serving one has not had so far. */
    static final class Held extends Single {
        private final long order;
        private final long offset;
        private final int length;

        /**
         * One.
         *
         * @param order its guild's, or its shard's
         * @param offset where it stands in the shadow log; later ones stand behind. -1: it does
         *     not, for it need not be told if it has no twin
         * @param length in bytes
         * @param micros when it came, microseconds since the epoch
         */
        Held(long order, long key, long offset, int length, long micros) {
            super(key, micros);
            this.order = order;
            this.offset = offset;
            this.length = length;
        }

        long offset() {
            return offset;
        }

        int length() {
            return length;
        }

        /** Whether the other generation should have had it by then, and has not. */
        boolean isDoubtful(long byMicros) {
            return isPassed() || micros < byMicros;
        }
    }

    /** What of one order has no twin yet, as it came. */
    private static final class Lone {
        final ArrayDeque<Noted> live = new ArrayDeque<>(4);
        final ArrayDeque<Held> shadows = new ArrayDeque<>(4);

        boolean isEmpty() {
            return live.isEmpty() && shadows.isEmpty();
        }
    }

    private final Map<Long, Lone> orders = new HashMap<>();
    private final TreeMap<Long, Held> held = new TreeMap<>();
    private long mostApartMicros = Long.MAX_VALUE;
    private long apartMicros;
    private long pairs;

    /**
     * From now on two that came further apart than this are no pair.
     *
     * @return whether it was another so far
     */
    boolean mostApart(long micros) {
        boolean other = mostApartMicros != micros;
        mostApartMicros = micros;
        return other;
    }

    /** How far apart the two of a pair in order came at most since the last call. */
    long takeApartMicros() {
        long most = apartMicros;
        apartMicros = 0;
        return most;
    }

    /** The serving generation has had it. */
    void live(long order, long key, long micros) {
        Lone lone = orders.computeIfAbsent(order, _ -> new Lone());
        Held twin = take(lone.shadows, lone.live, key, micros);
        if (twin == null) {
            lone.live.addLast(new Noted(key, micros));
        } else {
            held.remove(twin.offset);
        }
        drop(order, lone);
    }

    /**
     * Takes the first of this content away: one that was passed over only when there is no other,
     * and no longer than a moment. All that came before either of the two is passed over now.
     */
    private <T extends Single> @Nullable T take(
            ArrayDeque<T> from, ArrayDeque<? extends Single> others, long key, long micros) {
        T found = null;
        boolean jumps = false;
        for (T each : from) {
            if (each.key == key && !isTooOld(each, micros)) {
                if (!each.isPassed()) {
                    found = each;
                    break;
                }
                found = found == null ? each : found;
            }
            jumps |= !each.isPassed();
        }
        if (found == null) {
            return null;
        }
        pairs++;
        if (!found.isPassed()) {
            if (!jumps) {
                // One that jumps may be another's twin: then it says nothing of the two sessions.
                apartMicros = Math.max(apartMicros, Math.abs(micros - found.micros));
            }
            for (T each : from) {
                if (each.equals(found)) {
                    break;
                }
                each.pass(micros);
            }
            others.forEach(other -> other.pass(micros));
        }
        from.remove(found);
        return found;
    }

    private boolean isTooOld(Single each, long nowMicros) {
        if (each instanceof Held shadow && shadow.offset >= 0) {
            return false;
        }
        return each.isOver(nowMicros) || Math.abs(nowMicros - each.micros) > mostApartMicros;
    }

    /** The next generation brings it; it is held when the serving one has not had it. */
    void shadow(Held event) {
        if (!take(event.order, event.key, event.micros)) {
            orders.computeIfAbsent(event.order, _ -> new Lone()).shadows.addLast(event);
            if (event.offset >= 0) {
                held.put(event.offset, event);
            }
        }
    }

    /**
     * The next generation brings it.
     *
     * @return whether the serving one had it: then they are a pair
     */
    boolean take(long order, long key, long micros) {
        Lone lone = orders.get(order);
        if (lone == null) {
            return false;
        }
        boolean found = take(lone.live, lone.shadows, key, micros) != null;
        drop(order, lone);
        return found;
    }

    /** What {@link #take} took is as it was before. */
    void putBack(long order, long key, long micros) {
        pairs--;
        orders.computeIfAbsent(order, _ -> new Lone()).live.addFirst(new Noted(key, micros));
    }

    /** What was had before has no twin that could still come; what is held stays held. */
    void forgetBefore(long micros) {
        orders.values()
                .removeIf(lone -> {
                    while (!lone.live.isEmpty() && lone.live.getFirst().micros < micros) {
                        lone.live.removeFirst();
                    }
                    lone.shadows.removeIf(shadow -> shadow.offset < 0 && shadow.micros < micros);
                    return lone.isEmpty();
                });
    }

    private void drop(long order, Lone lone) {
        if (lone.isEmpty()) {
            orders.remove(order);
        }
    }

    /** Hears of a note. */
    @FunctionalInterface
    interface Notes {
        void note(long order, long key, long micros);
    }

    /** What the serving generation alone has had so far, and may still have a twin. */
    void notes(Notes to) {
        orders.forEach((order, lone) ->
                lone.live.forEach(each -> {
                    if (!each.isPassed()) {
                        to.note(order, each.key, each.micros);
                    }
                }));
    }

    /** What is held, as it came. */
    List<Held> held() {
        return new ArrayList<>(held.values());
    }

    /** How many are held. */
    int heldCount() {
        return held.size();
    }

    /** Nothing is held any more. */
    void releaseAll() {
        held.clear();
        orders.values()
                .removeIf(lone -> {
                    lone.shadows.clear();
                    return lone.isEmpty();
                });
    }

    /** How many pairs were found. */
    long pairs() {
        return pairs;
    }

    /** Forgets everything. */
    void clear() {
        held.clear();
        orders.clear();
        pairs = 0;
        mostApartMicros = Long.MAX_VALUE;
    }
}
