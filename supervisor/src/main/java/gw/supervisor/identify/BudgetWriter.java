package gw.supervisor.identify;

import java.util.concurrent.TimeUnit;

/** Decides when the budget is written down. */
final class BudgetWriter {
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final IdentifyBudget budget;
    private final BucketTable buckets;
    private boolean urgent;
    private long dueNanos = Bucket.NEVER;

    BudgetWriter(IdentifyBudget budget, BucketTable buckets) {
        this.budget = budget;
        this.buckets = buckets;
    }

    /** The file promises more than is left: write before anything else goes out. */
    void atOnce() {
        urgent = true;
    }

    /** The file only says less than is left: several such changes may be written together. */
    void soon(long nowNanos) {
        dueNanos = Math.min(dueNanos, nowNanos + DELAY_NANOS);
    }

    boolean isUrgent() {
        return urgent;
    }

    /** When {@link #write} has something to do. */
    long dueNanos() {
        return dueNanos;
    }

    /** Writes what has to be written by now. */
    void write(long nowNanos) {
        if (urgent || nowNanos >= dueNanos) {
            boolean force = urgent;
            urgent = false;
            dueNanos = Bucket.NEVER;
            long nowMillis = budget.now().toEpochMilli();
            budget.save(
                    buckets.maxConcurrency(),
                    buckets.allUsedMillis(nowNanos, nowMillis),
                    buckets.uses(nowNanos, nowMillis),
                    force);
        }
    }
}
