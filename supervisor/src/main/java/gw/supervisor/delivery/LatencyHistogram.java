package gw.supervisor.delivery;

import gw.model.LatencyBuckets;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * How long events took from Discord's socket to the bot's 2xx, counted in {@link LatencyBuckets}
 * since the start. For one thread; a copy may be handed to others.
 */
public final class LatencyHistogram {
    private final long[] counts;

    /** Nothing counted yet. */
    public LatencyHistogram() {
        this(new long[LatencyBuckets.COUNT]);
    }

    private LatencyHistogram(long[] counts) {
        this.counts = counts;
    }

    /** One event took so long. */
    void record(long micros) {
        counts[LatencyBuckets.of(micros)]++;
    }

    LatencyHistogram copy() {
        return new LatencyHistogram(counts.clone());
    }

    /** Of each bucket in its order; those after the last that holds anything are left out. */
    public LongStream counts() {
        int used = counts.length;
        while (used > 0 && counts[used - 1] == 0) {
            used--;
        }
        return Arrays.stream(counts, 0, used);
    }
}
