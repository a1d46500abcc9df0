package gw.supervisor.identify;

import java.util.List;

/**
 * What the budget file holds. Times are milliseconds since the epoch.
 *
 * @param bot whose limit it is; empty: unknown
 * @param total the session start limit
 * @param remaining what is left of it
 * @param resetsAtMillis when it is full again; 0: no window is running
 * @param maxConcurrency identify buckets, to which the uses belong
 * @param allUsedMillis no bucket was used later than this, beside {@code uses}; 0: never
 * @param uses the buckets that were used lately
 */
record BudgetState(
        String bot,
        int total,
        int remaining,
        long resetsAtMillis,
        int maxConcurrency,
        long allUsedMillis,
        List<Use> uses) {
    BudgetState {
        uses = List.copyOf(uses);
    }

    /**
     * A bucket's last IDENTIFY.
     *
     * @param out a token of this bucket is out: it may be used at any moment
     */
    record Use(int bucket, long atMillis, boolean out) {}
}
