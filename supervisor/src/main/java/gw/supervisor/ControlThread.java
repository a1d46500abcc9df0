package gw.supervisor;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread on which everything is decided that isn't per event. A task that fails is reported
 * and no reason to stop: an executor as the JDK makes it would say nothing, and never run a
 * periodic task again.
 */
final class ControlThread extends ScheduledThreadPoolExecutor {
    private final Consumer<Throwable> failures;

    /** {@code failures} hears of each task that failed, on this thread. */
    ControlThread(Consumer<Throwable> failures) {
        super(1, Thread.ofPlatform().daemon().name("gw-control").factory());
        this.failures = failures;
        setRemoveOnCancelPolicy(true);
    }

    /** Also what {@link #execute} runs comes by here. */
    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return super.schedule(guarded(task), delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
            Runnable task, long initialDelay, long delay, TimeUnit unit) {
        return super.scheduleWithFixedDelay(guarded(task), initialDelay, delay, unit);
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                failures.accept(e);
            }
        };
    }
}
