package gw.supervisor.identify;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** Time that passes only when told to. The wall clock can be set apart from it. */
final class VirtualTime implements IdentifyTimer, InstantSource {
    /** Not 0: nothing may rely on where nanoTime starts. */
    private static final long ORIGIN_NANOS = Long.MAX_VALUE - TimeUnit.HOURS.toNanos(1);

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(
                    Comparator.<Task>comparingLong(task -> task.at)
                            .thenComparingLong(task -> task.number));
    private Instant wallOrigin = Instant.parse("2026-11-24T12:00:00Z");
    private long now;
    private long number;

    @Override
    public Runnable after(Duration delay, Runnable action) {
        Task task = new Task(now + delay.toNanos(), number++, action);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    void afterMillis(long millis, Runnable action) {
        var _ = after(Duration.ofMillis(millis), action);
    }

    /** Monotonic; wraps around on the way. */
    long nanos() {
        return ORIGIN_NANOS + now;
    }

    /** Since the start. */
    long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(now);
    }

    @Override
    public Instant instant() {
        return wallOrigin.plusNanos(now);
    }

    void setWallBy(Duration jump) {
        wallOrigin = wallOrigin.plus(jump);
    }

    /** As when the process that set them dies. */
    void forgetTasks() {
        tasks.clear();
    }

    int pending() {
        return tasks.size();
    }

    void pass(Duration time) {
        long until = now + time.toNanos();
        while (!tasks.isEmpty() && tasks.peek().at <= until) {
            step();
        }
        now = until;
    }

    /** To the next task and through it; false when there is none. */
    boolean step() {
        Task next = tasks.poll();
        if (next == null) {
            return false;
        }
        now = Math.max(now, next.at);
        next.action.run();
        return true;
    }

    private record Task(long at, long number, Runnable action) {}
}
