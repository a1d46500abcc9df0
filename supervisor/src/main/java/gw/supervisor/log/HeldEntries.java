package gw.supervisor.log;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** The events of a segment that are in somebody's hands. Owned by one thread. */
final class HeldEntries {
    /** No BitSet: that one looks for its new end whenever its last bit is cleared. */
    private long[] places = new long[0];

    private @Nullable LogEntry first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether the event that begins there is one of them. */
    boolean holds(int offset) {
        int place = offset / SettledMap.GRAIN;
        return place >> 6 < places.length && (places[place >> 6] & 1L << place) != 0;
    }

    /** The last that was added; more by {@link LogEntry#nextHeld}. */
    @Nullable LogEntry first() {
        return first;
    }

    void add(LogEntry entry) {
        int place = entry.offset() / SettledMap.GRAIN;
        if (place >> 6 >= places.length) {
            places = Arrays.copyOf(places, Math.max(2 * places.length, (place >> 6) + 64));
        }
        places[place >> 6] |= 1L << place;
        count++;
        LogEntry next = first;
        entry.nextHeld = next;
        if (next != null) {
            next.previousHeld = entry;
        }
        first = entry;
    }

    /** False: it was none of them. */
    boolean remove(LogEntry entry) {
        if (!holds(entry.offset())) {
            return false;
        }
        int place = entry.offset() / SettledMap.GRAIN;
        places[place >> 6] &= ~(1L << place);
        count--;
        LogEntry previous = entry.previousHeld;
        LogEntry next = entry.nextHeld;
        if (previous == null) {
            first = next;
        } else {
            previous.nextHeld = next;
        }
        if (next != null) {
            next.previousHeld = previous;
        }
        entry.previousHeld = null;
        entry.nextHeld = null;
        return true;
    }
}
