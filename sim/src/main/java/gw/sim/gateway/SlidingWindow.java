package gw.sim.gateway;

/** Counts what happened within the last so long, up to a limit. Owned by the event loop. */
public final class SlidingWindow {
    private final long[] times;
    private final long lengthNanos;
    private long count;

    /** A window that lets {@code limit} through in each {@code lengthNanos}. */
    public SlidingWindow(int limit, long lengthNanos) {
        this.times = new long[limit];
        this.lengthNanos = lengthNanos;
    }

    /** Counts one more; false when that is one too many. */
    public boolean take(long nowNanos) {
        int slot = (int) (count % times.length);
        boolean taken = count < times.length || nowNanos - times[slot] >= lengthNanos;
        times[slot] = nowNanos;
        count++;
        return taken;
    }
}
