package gw.worker.shard;

import org.jspecify.annotations.Nullable;

import java.util.function.LongSupplier;

/** The one thing that a shard waits for in time. Owned by the worker's event loop. */
final class DeadlineTimer {
    private final ShardHost host;
    private final LongSupplier nanos;
    private final Runnable due;
    private ShardHost.@Nullable Timer timer;

    /** Not set; {@code due} runs when its time has come. */
    DeadlineTimer(ShardHost host, LongSupplier nanos, Runnable due) {
        this.host = host;
        this.nanos = nanos;
        this.due = due;
    }

    boolean isSet() {
        return timer != null;
    }

    /** Waits for this moment and no other; {@link Long#MAX_VALUE}: for none. */
    void set(long deadlineNanos) {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (deadlineNanos != Long.MAX_VALUE) {
            timer =
                    host.schedule(
                            () -> {
                                timer = null;
                                due.run();
                            },
                            Math.max(0, deadlineNanos - nanos.getAsLong()));
        }
    }
}
