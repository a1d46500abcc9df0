package gw.sim.interaction;

import java.util.concurrent.TimeUnit;

/** A webhook's rate limit: so many calls in a window that begins with the first one. */
public final class RouteLimit {
    /** Calls in one window. */
    public static final int CALLS = 5;

    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(2);

    private boolean begun;
    private long beginNanos;
    private long untilNanos;
    private boolean toldToWait;
    private int used;

    /**
     * How the limit stands after a call.
     *
     * @param allowed whether this call was one of those that may be made
     * @param remaining calls left in the window
     * @param resetAfterSeconds until the window ends, or the wait that was told
     * @param ignoredWait whether the caller had been told to wait, and did not
     */
    public record Take(
            boolean allowed, int remaining, double resetAfterSeconds, boolean ignoredWait) {}

    /** Counts one call. */
    public Take take(long nowNanos) {
        boolean early = toldToWait && nowNanos - untilNanos < 0;
        if (!begun || nowNanos - beginNanos >= WINDOW_NANOS) {
            begun = true;
            beginNanos = nowNanos;
            used = 0;
        }
        used++;
        boolean allowed = used <= CALLS && !early;
        long ends = early ? untilNanos : beginNanos + WINDOW_NANOS;
        if (!allowed) {
            toldToWait = true;
            untilNanos = ends;
        }
        return new Take(allowed, Math.max(0, CALLS - used), (ends - nowNanos) / 1e9, early);
    }

    /** A 429 for another reason than this window: the caller must wait for so long as well. */
    public void tellToWait(long nowNanos, double seconds) {
        toldToWait = true;
        untilNanos = nowNanos + (long) (seconds * 1e9);
    }
}
