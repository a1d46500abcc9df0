package gw.supervisor.identify;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** When the queue will be through, if every shard is ready in time and nothing else happens. */
final class Forecast {
    private static final Duration LIMIT_WINDOW = Duration.ofDays(1);

    private Forecast() {}

    /**
     * The moment of the last IDENTIFY.
     *
     * @param room session starts that the queue may use now
     * @param roomAfterReset how many in each window of the limit after this one
     * @param resets when the limit is full again
     */
    static Instant doneAt(
            Collection<Bucket> buckets,
            Duration interval,
            int room,
            int roomAfterReset,
            Instant resets,
            Instant now,
            long nowNanos) {
        int queued = 0;
        int most = 0;
        long lastNanos = 0;
        for (Bucket bucket : buckets) {
            if (bucket.size() == 0) {
                continue;
            }
            long opensIn =
                    bucket.out().isEmpty()
                            ? Math.max(0, bucket.opensNanos - nowNanos)
                            : interval.toNanos();
            long windows = (bucket.size() - 1L) * interval.toNanos();
            lastNanos = Math.max(lastNanos, opensIn + windows);
            most = Math.max(most, bucket.size());
            queued += bucket.size();
        }
        if (queued <= room) {
            return now.plusNanos(lastNanos);
        }
        int left = queued - room;
        int each = Math.max(1, roomAfterReset);
        int fullWindows = (left - 1) / each;
        int inTheLast = left - fullWindows * each;
        // The queue drains evenly: a bucket's share of what is left is its share of the queue.
        long windows = Math.ceilDiv((long) most * inTheLast, queued) - 1L;
        Instant starts =
                (resets.isBefore(now) ? now : resets).plus(LIMIT_WINDOW.multipliedBy(fullWindows));
        return starts.plus(interval.multipliedBy(Math.max(0, windows)));
    }
}
