package gw.supervisor.delivery;

import gw.supervisor.log.DispatchLog;

import io.netty.util.concurrent.EventExecutor;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * How the delivery comes to its end: for good once all is delivered or its time is over, or for
 * another process that goes on with it. Owned by the data event loop.
 */
final class Ending {
    private final EventExecutor loop;
    private final DispatchLog log;
    private final DeliverySink sink;
    private final IntSupplier inFlight;
    private @Nullable CompletableFuture<Long> stopping;
    private @Nullable CompletableFuture<Integer> quiet;
    private boolean over;

    /** None yet; {@code inFlight} says how many tries are without an answer. */
    Ending(EventExecutor loop, DispatchLog log, DeliverySink sink, IntSupplier inFlight) {
        this.loop = loop;
        this.log = log;
        this.sink = sink;
        this.inFlight = inFlight;
    }

    /** Whether nothing goes out any more, and no answer counts. */
    boolean isOver() {
        return over;
    }

    /** Whether nothing new begins. */
    boolean isNear() {
        return over || quiet != null;
    }

    /** Ends it once the log is empty, and at last when the patience is over. */
    void stop(long patienceMillis, CompletableFuture<Long> eventsLeft) {
        if (stopping != null) {
            var _ = stopping.thenAccept(eventsLeft::complete);
            return;
        }
        stopping = eventsLeft;
        var _ = loop.schedule(this::finish, patienceMillis, TimeUnit.MILLISECONDS);
        look();
    }

    /** Begins nothing new, and answers once nothing is under way, or how much is at the end. */
    void quiesce(long withinMillis, CompletableFuture<Integer> left) {
        quiet = left;
        var _ =
                loop.schedule(
                        () -> left.complete(inFlight.getAsInt()),
                        withinMillis,
                        TimeUnit.MILLISECONDS);
        look();
    }

    /** Something that was under way has ended. */
    void look() {
        if (stopping != null && log.usage().events() == 0) {
            finish();
        }
        if (quiet != null && inFlight.getAsInt() == 0) {
            var _ = quiet.complete(0);
        }
    }

    private void finish() {
        if (!over && stopping != null) {
            over = true;
            long left = log.usage().events();
            sink.close();
            stopping.complete(left);
        }
    }
}
