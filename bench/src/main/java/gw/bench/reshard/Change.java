package gw.bench.reshard;

import java.time.Duration;
import java.util.List;

/**
 * From one shard count to another.
 *
 * @param maxConcurrency identify buckets
 */
record Change(int from, int to, int maxConcurrency) {
    /** Up, down, anew, and by a lot. */
    static final List<Change> ALL =
            List.of(
                    new Change(8, 12, 1),
                    new Change(12, 8, 1),
                    new Change(16, 16, 16),
                    new Change(4, 64, 16));

    /** As the command line names it: {@code 8-12}. */
    String name() {
        return from + "-" + to;
    }

    /** What Discord's identify limit alone takes for the new shards. */
    Duration floor(Duration identifyWindow) {
        return identifyWindow.multipliedBy(Math.ceilDiv(to, maxConcurrency));
    }
}
