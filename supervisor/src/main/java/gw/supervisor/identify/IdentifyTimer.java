package gw.supervisor.identify;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Wakes the limiter on its own thread. */
@FunctionalInterface
public interface IdentifyTimer {
    /**
     * Runs the task once, no earlier than after this delay.
     *
     * @return forgets the task when it is run; without effect once the task has run
     */
    Runnable after(Duration delay, Runnable task);

    /** A timer on the thread that owns the limiter. */
    static IdentifyTimer on(ScheduledExecutorService owner) {
        return (delay, task) -> {
            Future<?> pending = owner.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> {
                var _ = pending.cancel(false);
            };
        };
    }
}
