package gw.supervisor.authority;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the last beats were sent. A message that names one was sent after it had come, so it can't
 * be older than the beat. Counts by both clocks: the monotonic one stands still while the machine
 * sleeps, the wall's jumps.
 */
final class Beats {
    private static final int KEPT = 64;

    private final InstantSource clock;
    private final LongSupplier nanos;
    private final long[] sentNanos = new long[KEPT];
    private final long[] sentMillis = new long[KEPT];
    private long last;

    Beats(InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Another one goes out; its number, from 1. */
    long next() {
        last++;
        sentNanos[(int) (last % KEPT)] = nanos.getAsLong();
        sentMillis[(int) (last % KEPT)] = clock.millis();
        return last;
    }

    /** How old what names this beat is at most. */
    long ageNanos(long number) {
        if (number < 1 || number > last || number <= last - KEPT) {
            return Long.MAX_VALUE;
        }
        int at = (int) (number % KEPT);
        return Math.max(
                nanos.getAsLong() - sentNanos[at],
                TimeUnit.MILLISECONDS.toNanos(clock.millis() - sentMillis[at]));
    }
}
