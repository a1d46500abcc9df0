package gw.supervisor.delivery;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Waits between tries: exponential, with jitter. */
final class RetryBackoff {
    private static final long EVENT_BASE = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long EVENT_CAP = TimeUnit.SECONDS.toNanos(30);
    private static final long OUTAGE_BASE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long OUTAGE_CAP = TimeUnit.SECONDS.toNanos(5);

    private final RandomGenerator random;

    RetryBackoff(RandomGenerator random) {
        this.random = random;
    }

    /** For one event that failed {@code attempts} times. */
    long eventNanos(int attempts) {
        return jittered(EVENT_BASE, EVENT_CAP, attempts - 1);
    }

    /** For all, while nothing gets through: one probe each time. */
    long outageNanos(int failures) {
        return jittered(OUTAGE_BASE, OUTAGE_CAP, failures - 1);
    }

    private long jittered(long base, long cap, int doublings) {
        long ceiling = Math.min(cap, base << Math.clamp(doublings, 0, 20));
        return ceiling / 2 + random.nextLong(ceiling / 2 + 1);
    }
}
