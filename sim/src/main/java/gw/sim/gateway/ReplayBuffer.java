package gw.sim.gateway;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * The last payloads of a session by their sequence. Grows up to its limit, then forgets the oldest.
 * Owned by the event loop.
 */
final class ReplayBuffer {
    private static final int FIRST_CAPACITY = 64;

    private final int maxEvents;
    private byte[] @Nullable [] slots = new byte[FIRST_CAPACITY][];
    private long dropped;
    private long last;

    ReplayBuffer(int maxEvents) {
        this.maxEvents = maxEvents;
    }

    /** Takes the payload with the sequence after {@link #last()}. */
    void add(byte[] payload) {
        if (last - dropped >= maxEvents) {
            forget(dropped + 1);
        }
        if (last - dropped == slots.length) {
            grow();
        }
        last++;
        slots[slot(last)] = payload;
    }

    /** The highest sequence that ever was here; 0: none. */
    long last() {
        return last;
    }

    /** The highest sequence that is forgotten; 0: none. */
    long dropped() {
        return dropped;
    }

    /** The payload with this sequence; null: forgotten, or not there yet. */
    byte @Nullable [] get(long sequence) {
        return sequence > dropped && sequence <= last ? slots[slot(sequence)] : null;
    }

    /** Forgets all up to this sequence. */
    void forget(long upTo) {
        long end = Math.min(upTo, last);
        while (dropped < end) {
            dropped++;
            slots[slot(dropped)] = null;
        }
    }

    private void grow() {
        byte[] @Nullable [] larger = new byte[slots.length * 2][];
        for (long sequence = dropped + 1; sequence <= last; sequence++) {
            larger[(int) (sequence & (larger.length - 1))] = slots[slot(sequence)];
        }
        Arrays.fill(slots, null);
        slots = larger;
    }

    private int slot(long sequence) {
        return (int) (sequence & (slots.length - 1));
    }
}
