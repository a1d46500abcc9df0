package gw.bench.log;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Which events are settled: all below a number, and some above it. What a store without a place of
 * its own for that writes down. Owned by one thread.
 */
final class SettledWindow {
    private static final int SHIFT_AT = 8_192;

    private BitSet bits = new BitSet();
    private long base;
    private long low;
    private long above;

    /** Everything below it is settled. */
    long low() {
        return low;
    }

    /** How many are. */
    long count() {
        return low + above;
    }

    boolean isSettled(long number) {
        return number < low || bits.get((int) (number - base));
    }

    void settle(long number) {
        bits.set((int) (number - base));
        above++;
        if (number == low) {
            long next = base + bits.nextClearBit((int) (low - base));
            above -= next - low;
            low = next;
            if (low - base > SHIFT_AT) {
                bits = bits.get((int) (low - base), Math.max(bits.length(), (int) (low - base)));
                base = low;
            }
        }
    }

    byte[] encode() {
        int from = (int) (low - base);
        byte[] window = bits.get(from, Math.max(bits.length(), from)).toByteArray();
        return ByteBuffer.allocate(8 + window.length).putLong(low).put(window).array();
    }

    void decode(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        low = in.getLong();
        base = low;
        bits = BitSet.valueOf(in);
        above = bits.cardinality();
    }
}
