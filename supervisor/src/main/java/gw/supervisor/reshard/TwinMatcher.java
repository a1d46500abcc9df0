package gw.supervisor.reshard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pairs the events of two generations: each of one with one of the other of the same content, in
 * the order of their guild. An event that was passed over, because one behind it has found its
 * twin, had its own before the other generation began; it waits a moment longer, for two sessions
 * need not agree on an order to the last. So an equal event that comes later is not taken for its
 * twin. Owned by one thread.
 */
final class TwinMatcher {
    /**
     * How much later an event may come in one session than others that it precedes in the other.
     */
    private static final long OUT_OF_ORDER_MICROS = 500_000;

    private static final long NOT_PASSED = Long.MAX_VALUE / 2;

    private static final class Noted {
        final long key;
        final long micros;
        long passedMicros = NOT_PASSED;

        Noted(long key, long micros) {
            this.key = key;
            this.micros = micros;
        }

        void pass(long atMicros) {
            passedMicros = Math.min(passedMicros, atMicros);
        }
    }

    /** An event of the next generation that the serving one has not had so far. */
    static final class Held {
        private final long order;
        private final long key;
        private final long offset;
        private final int length;
        private final long micros;
        private boolean passed;

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
            this.order = order;
            this.key = key;
            this.offset = offset;
            this.length = length;
            this.micros = micros;
        }

        long offset() {
            return offset;
        }

        int length() {
            return length;
        }

        /** Whether the other generation should have had it by then, and has not. */
        boolean isDoubtful(long byMicros) {
            return passed || micros < byMicros;
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
    private long pairs;

    /** The serving generation has had it. */
    void live(long order, long key, long micros) {
        Lone lone = orders.computeIfAbsent(order, _ -> new Lone());
        if (!takeShadow(lone, key, micros)) {
            lone.live.addLast(new Noted(key, micros));
        }
        drop(order, lone);
    }

    private boolean takeShadow(Lone lone, long key, long micros) {
        boolean found = false;
        for (Held shadow : lone.shadows) {
            if (shadow.key == key) {
                found = true;
                break;
            }
        }
        if (!found) {
            return false;
        }
        for (Iterator<Held> each = lone.shadows.iterator(); each.hasNext(); ) {
            Held shadow = each.next();
            if (shadow.key == key) {
                each.remove();
                held.remove(shadow.offset);
                pairs++;
                // All that came before it without a twin is passed over.
                lone.live.forEach(noted -> noted.pass(micros));
                return true;
            }
            shadow.passed = true;
        }
        return false;
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
        boolean found = takeLive(lone, key, micros);
        drop(order, lone);
        return found;
    }

    private boolean takeLive(Lone lone, long key, long micros) {
        Noted late = null;
        int before = 0;
        for (Iterator<Noted> each = lone.live.iterator(); each.hasNext(); ) {
            Noted noted = each.next();
            if (micros - noted.passedMicros > OUT_OF_ORDER_MICROS) {
                each.remove();
                continue;
            }
            if (noted.key == key && noted.passedMicros == NOT_PASSED) {
                each.remove();
                pairs++;
                pass(lone, before, micros);
                return true;
            }
            if (noted.key == key && late == null) {
                late = noted;
            }
            before++;
        }
        if (late == null) {
            return false;
        }
        pairs++;
        return lone.live.remove(late);
    }

    /** So many stood before the one that was found. */
    private static void pass(Lone lone, int before, long micros) {
        Iterator<Noted> each = lone.live.iterator();
        for (int i = 0; i < before; i++) {
            each.next().pass(micros);
        }
        lone.shadows.forEach(shadow -> shadow.passed = true);
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

    /** What the serving generation alone has had so far. */
    void notes(Notes to) {
        orders.forEach(
                (order, lone) -> lone.live.forEach(each -> to.note(order, each.key, each.micros)));
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
    }
}
