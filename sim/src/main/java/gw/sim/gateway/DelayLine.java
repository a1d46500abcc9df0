package gw.sim.gateway;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one session has not been told of yet: it learns of things later than they happen, by a time
 * that changes now and then. What happened in one guild comes out in its order; neighbours of
 * different guilds change places now and then, so that no two sessions agree on the order of all.
 * Owned by the event loop.
 */
final class DelayLine {
    /** Where events come out. */
    @FunctionalInterface
    interface Exit {
        /** Called on the event loop. */
        void tell(SimEvent event, long happening);
    }

    /** Runs a task on the event loop after a while, unless it is cancelled. */
    @FunctionalInterface
    interface Alarm {
        Future<?> after(long nanos, Runnable task);
    }

    private record Waiting(SimEvent event, long happening, long dueNanos) {}

    private static final int SWAPS_ONE_IN = 16;
    private static final long SHORTEST_ALARM_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SHORTEST_DELAY_LASTS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_DELAY_LASTS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long mostNanos;
    private final int maxEvents;
    private final SplittableRandom random;
    private final LongSupplier nanoTime;
    private final Alarm alarm;
    private final Exit exit;
    private final ArrayDeque<Waiting> line = new ArrayDeque<>();
    private long delayNanos;
    private long delayChangesNanos;
    private @Nullable Future<?> set;

    /**
     * A line that is empty.
     *
     * @param mostNanos the longest delay
     * @param maxEvents when so many wait, the first needn't wait any more
     */
    DelayLine(
            long mostNanos,
            int maxEvents,
            SplittableRandom random,
            LongSupplier nanoTime,
            Alarm alarm,
            Exit exit) {
        this.mostNanos = mostNanos;
        this.maxEvents = maxEvents;
        this.random = random;
        this.nanoTime = nanoTime;
        this.alarm = alarm;
        this.exit = exit;
        change(nanoTime.getAsLong());
    }

    private void change(long now) {
        delayNanos = random.nextLong(mostNanos + 1);
        delayChangesNanos =
                now + random.nextLong(SHORTEST_DELAY_LASTS_NANOS, LONGEST_DELAY_LASTS_NANOS);
    }

    int size() {
        return line.size();
    }

    void add(SimEvent event, long happening) {
        long now = nanoTime.getAsLong();
        if (now - delayChangesNanos >= 0) {
            change(now);
        }
        if (line.size() >= maxEvents) {
            tell(line.removeFirst());
        }
        // With a shorter delay than before it is due before its turn: the line stays a line.
        long dueNanos = now + delayNanos;
        Waiting before = line.peekLast();
        if (before != null
                && before.event.guildId() != event.guildId()
                && random.nextInt(SWAPS_ONE_IN) == 0) {
            line.removeLast();
            line.addLast(new Waiting(event, happening, before.dueNanos));
            line.addLast(new Waiting(before.event, before.happening, dueNanos));
        } else {
            line.addLast(new Waiting(event, happening, dueNanos));
        }
        wake(now);
    }

    private void wake(long now) {
        Waiting first = line.peekFirst();
        if (first != null && set == null) {
            set = alarm.after(Math.max(SHORTEST_ALARM_NANOS, first.dueNanos - now), this::letOut);
        }
    }

    private void letOut() {
        set = null;
        long now = nanoTime.getAsLong();
        for (Waiting first = line.peekFirst();
                first != null && now - first.dueNanos >= 0;
                first = line.peekFirst()) {
            line.removeFirst();
            tell(first);
        }
        wake(now);
    }

    private void tell(Waiting waiting) {
        exit.tell(waiting.event, waiting.happening);
    }

    /** The session is over: what waits was never sent. */
    void drop() {
        line.clear();
        if (set != null) {
            var _ = set.cancel(false);
            set = null;
        }
    }
}
