package gw.sim.gateway;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Makes the delay lines of sessions, or none. Owned by the event loop. */
final class Skew {
    private final long mostNanos;
    private final EventLoop loop;
    private final LongSupplier nanoTime;
    private final SplittableRandom random;

    Skew(Duration most, EventLoop loop, LongSupplier nanoTime, SplittableRandom random) {
        this.mostNanos = most.toNanos();
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /** Null: the session is told of things when they happen. */
    @Nullable DelayLine line(DelayLine.Exit exit, int maxEvents) {
        return mostNanos == 0
                ? null
                : new DelayLine(
                        mostNanos,
                        maxEvents,
                        random.split(),
                        nanoTime,
                        (nanos, task) -> loop.schedule(task, nanos, TimeUnit.NANOSECONDS),
                        exit);
    }
}
