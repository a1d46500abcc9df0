package gw.supervisor.authority;

import java.util.concurrent.TimeUnit;

/**
 * How much a caller may ask. A supervisor of twenty thousand shards that joins anew tells two
 * things of each at once; later it is a few a second.
 */
final class Allowance {
    static final int AT_ONCE = 100_000;
    static final int EACH_SECOND = 1_000;

    private static final long NANOS_EACH = TimeUnit.SECONDS.toNanos(1) / EACH_SECOND;

    private long left = AT_ONCE;
    private long countedNanos;

    Allowance(long nowNanos) {
        countedNanos = nowNanos;
    }

    /** Whether so many asks are still allowed; they are taken off. */
    boolean take(int asks, long nowNanos) {
        long earned = (nowNanos - countedNanos) / NANOS_EACH;
        countedNanos += earned * NANOS_EACH;
        left = Math.min(AT_ONCE, left + earned) - asks;
        return left >= 0;
    }
}
