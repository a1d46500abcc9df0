package gw.supervisor.interactions;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** A loop whose time the test makes; wall clock and monotonic clock go side by side. */
final class VirtualLoop implements DeferTimer, InstantSource, LongSupplier {
    private static final long EPOCH_MILLIS = 1_790_000_000_000L;

    private record Task(long atNanos, long number, Runnable work) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return atNanos != other.atNanos
                    ? Long.compare(atNanos, other.atNanos)
                    : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nowNanos;
    private long numbers;

    @Override
    public void schedule(Runnable task, long delayNanos) {
        tasks.add(new Task(nowNanos + delayNanos, numbers++, task));
    }

    void in(Duration delay, Runnable task) {
        schedule(task, delay.toNanos());
    }

    void advance(Duration time) {
        long until = nowNanos + time.toNanos();
        while (true) {
            Task next = tasks.peek();
            if (next == null || next.atNanos() > until) {
                break;
            }
            tasks.poll();
            nowNanos = next.atNanos();
            next.work().run();
        }
        nowNanos = until;
    }

    @Override
    public long getAsLong() {
        return nowNanos;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(EPOCH_MILLIS).plusNanos(nowNanos);
    }

    /** The time as events are stamped with it. */
    long micros() {
        return millis() * 1_000;
    }
}
