package gw.supervisor.fleet;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long a worker that died waits for its successor: nothing the first time, then exponentially
 * longer while it keeps dying young. Owned by one thread.
 */
final class RestartPolicy {
    static final long STABLE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long BASE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long CAP_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Deaths within a minute that count as bad luck, not as a defect. */
    private static final int FREE = 3;

    private final RandomGenerator random;
    private int youngDeaths;

    RestartPolicy(RandomGenerator random) {
        this.random = random;
    }

    /** The worker died after having lived so long. */
    long delayNanos(long livedNanos) {
        if (livedNanos >= STABLE_NANOS) {
            youngDeaths = 0;
        }
        youngDeaths++;
        if (youngDeaths <= FREE) {
            return 0;
        }
        long ceiling = Math.min(CAP_NANOS, BASE_NANOS << Math.min(youngDeaths - FREE - 1, 10));
        return ceiling / 2 + random.nextLong(ceiling / 2 + 1);
    }
}
