package gw.sim.check;

import gw.sim.ledger.SentEvent;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A session's events by sequence, and what became of each. Owned by one thread. */
final class SentSession {
    final List<SentEvent> events = new ArrayList<>();
    final BitSet received = new BitSet();
    final BitSet covered = new BitSet();

    /** The same for the sessions of a shard that follow each other. */
    final int lineage;

    /** Whether it began beside others of its guilds. */
    final boolean beside;

    /** The highest sequence that is known to have left the sim. */
    long lastSeen;

    SentSession(int lineage, boolean beside) {
        this.lineage = lineage;
        this.beside = beside;
    }

    /** The index of a sequence; -1: it was never sent. */
    int indexOf(long sequence) {
        if (events.isEmpty()) {
            return -1;
        }
        long guess = sequence - events.getFirst().sequence();
        if (guess >= 0 && guess < events.size() && events.get((int) guess).sequence() == sequence) {
            return (int) guess;
        }
        int low = 0;
        int high = events.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = events.get(middle).sequence();
            if (found == sequence) {
                return middle;
            }
            if (found < sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    void seen(long sequence) {
        lastSeen = Math.max(lastSeen, sequence);
    }
}
