package gw.worker.shard;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Waits between tries: exponential with full jitter, so that shards never come back in step. */
final class ReconnectBackoff {
    private static final long START_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long BASE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long CAP_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long IDENTIFY_BASE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long IDENTIFY_CAP_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final RandomGenerator random;

    ReconnectBackoff(RandomGenerator random) {
        this.random = random;
    }

    /** Before the first connection of a worker, whose shards all start in the same instant. */
    long startNanos() {
        return random.nextLong(START_NANOS);
    }

    /**
     * Before a connection.
     *
     * @param tries failed ones in a row, 0 before the first
     */
    long connectNanos(int tries) {
        if (tries == 0) {
            return random.nextLong(FIRST_NANOS);
        }
        return jittered(BASE_NANOS, CAP_NANOS, tries - 1);
    }

    /**
     * Before another place in the identify queue, after an IDENTIFY that came to nothing.
     *
     * @param tries such IDENTIFYs in a row, at least 1
     */
    long identifyNanos(int tries) {
        return jittered(IDENTIFY_BASE_NANOS, IDENTIFY_CAP_NANOS, tries - 1);
    }

    /** After op 9: Discord asks for 1 to 5 s. */
    long invalidSessionNanos() {
        return random.nextLong(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(5));
    }

    /** Where in the interval the first heartbeat lies. */
    long firstHeartbeatNanos(long intervalNanos) {
        return (long) (intervalNanos * random.nextDouble());
    }

    private long jittered(long base, long cap, int doublings) {
        long ceiling = Math.min(cap, base << Math.min(doublings, 20));
        return ceiling / 4 + random.nextLong(ceiling * 3 / 4);
    }
}
