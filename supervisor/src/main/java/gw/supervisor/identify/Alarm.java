package gw.supervisor.identify;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The limiter's one pending wake-up. It is never far away: a timer may keep what is cancelled until
 * its moment, and a reset of the limit is a day off.
 */
final class Alarm {
    private static final long FARTHEST_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final IdentifyTimer timer;
    private final Runnable task;
    private @Nullable Runnable cancel;
    private long atNanos;

    Alarm(IdentifyTimer timer, Runnable task) {
        this.timer = timer;
        this.task = task;
    }

    /** Wakes at this moment or earlier; {@link Bucket#NEVER}: it need not. */
    void set(long nanos, long nowNanos) {
        long wanted = Math.min(nanos, nowNanos + FARTHEST_NANOS);
        if (nanos == Bucket.NEVER || (cancel != null && atNanos <= wanted)) {
            return;
        }
        if (cancel != null) {
            cancel.run();
        }
        atNanos = wanted;
        cancel = timer.after(Duration.ofNanos(Math.max(0, wanted - nowNanos)), this::ring);
    }

    private void ring() {
        cancel = null;
        task.run();
    }
}
