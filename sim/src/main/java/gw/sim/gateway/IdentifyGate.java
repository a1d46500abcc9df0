package gw.sim.gateway;

import gw.sim.ledger.Violations;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Discord's limits on IDENTIFY: one for each bucket and window, so many a day. Sessions of all
 * shard counts share them. Owned by the event loop.
 */
final class IdentifyGate {
    /** What becomes of an IDENTIFY. */
    enum Verdict {
        ACCEPTED,
        TOO_FAST,
        OVER_LIMIT
    }

    private final int maxConcurrency;
    private final long windowNanos;
    private final long resetEveryNanos;
    private final Violations violations;
    private final Map<Integer, Long> lastByBucket = new HashMap<>();
    private final int total;
    private int remaining;
    private long resetNanos;

    IdentifyGate(SimSettings settings, Violations violations, long nowNanos) {
        this.total = settings.startTotal();
        this.resetEveryNanos = settings.startReset().toNanos();
        this.resetNanos = nowNanos + resetEveryNanos;
        this.maxConcurrency = settings.maxConcurrency();
        this.windowNanos = settings.identifyWindow().toNanos();
        this.remaining = settings.startRemaining();
        this.violations = violations;
    }

    Verdict identify(int shardId, long nowNanos) {
        reset(nowNanos);
        int bucket = shardId % maxConcurrency;
        Long last = lastByBucket.get(bucket);
        if (last != null && nowNanos - last < windowNanos) {
            violations.add(Violations.Kind.IDENTIFY_TOO_FAST);
            return Verdict.TOO_FAST;
        }
        lastByBucket.put(bucket, nowNanos);
        if (remaining <= 0) {
            violations.add(Violations.Kind.IDENTIFY_OVER_LIMIT);
            return Verdict.OVER_LIMIT;
        }
        remaining--;
        return Verdict.ACCEPTED;
    }

    private void reset(long nowNanos) {
        if (nowNanos - resetNanos >= 0) {
            remaining = total;
            resetNanos = nowNanos + resetEveryNanos;
        }
    }

    long resetAfterMillis(long nowNanos) {
        reset(nowNanos);
        return TimeUnit.NANOSECONDS.toMillis(resetNanos - nowNanos);
    }

    int remaining(long nowNanos) {
        reset(nowNanos);
        return remaining;
    }
}
