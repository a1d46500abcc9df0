package gw.supervisor;

import java.util.function.LongSupplier;

/** Events per second between the last two samples of a counter. Owned by one thread. */
final class EventRate {
    private final LongSupplier nanos;
    private long lastCount;
    private long lastNanos;
    private boolean sampled;
    private double perSecond;

    /** Nothing is known yet. {@code nanos} is monotonic. */
    EventRate(LongSupplier nanos) {
        this.nanos = nanos;
    }

    void sample(long count) {
        long now = nanos.getAsLong();
        long passed = now - lastNanos;
        if (sampled && passed > 0) {
            perSecond = (count - lastCount) * 1e9 / passed;
        }
        lastCount = count;
        lastNanos = now;
        sampled = true;
    }

    double perSecond() {
        return perSecond;
    }
}
