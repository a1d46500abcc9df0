package gw.supervisor.log;

import org.jspecify.annotations.Nullable;

import java.util.BitSet;

/** The events of a segment that are in somebody's hands. Owned by one thread. */
final class HeldEntries {
    private @Nullable BitSet places;
    private @Nullable LogEntry first;
    private int count;

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether the event that begins there is one of them. */
    boolean holds(int offset) {
        return places != null && places.get(offset / SettledMap.GRAIN);
    }

    /** The last that was added; more by {@link LogEntry#nextHeld}. */
    @Nullable LogEntry first() {
        return first;
    }

    void add(LogEntry entry) {
        if (places == null) {
            places = new BitSet();
        }
        places.set(entry.offset() / SettledMap.GRAIN);
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
        if (!holds(entry.offset()) || places == null) {
            return false;
        }
        places.clear(entry.offset() / SettledMap.GRAIN);
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
