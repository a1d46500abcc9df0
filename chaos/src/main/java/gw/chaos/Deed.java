package gw.chaos;

import java.time.Duration;

/**
 * An action that was done.
 *
 * @param beginNanos monotonic
 * @param endNanos when its effect was taken back; the future while it lasts
 */
record Deed(Action action, long beginNanos, long endNanos) {
    /** Whether it had effect at some time from {@code fromNanos} to {@code toNanos}. */
    boolean touches(long fromNanos, long toNanos) {
        return beginNanos - toNanos <= 0 && fromNanos - endNanos <= 0;
    }

    /** Whether a worker could not send its heartbeats because of it, for long enough to matter. */
    boolean silencesAWorker(Duration atLeast) {
        return action instanceof Action.StopWorker(int _, Duration duration)
                && duration.compareTo(atLeast) >= 0;
    }
}
