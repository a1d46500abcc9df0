package gw.model;

/**
 * The fixed buckets in which latencies are counted: four to each doubling from 64 µs to 36 minutes,
 * so that a figure read from them is right to a fifth. Bucket 0 holds what is below 64 µs, the last
 * one what is above all. The contract's {@code latency_counts} are in this order.
 */
public final class LatencyBuckets {
    private static final int LOWEST_BITS = 6;
    private static final int HIGHEST_BITS = 30;
    private static final int PER_DOUBLING_BITS = 2;

    /** How many there are. */
    public static final int COUNT = 2 + ((HIGHEST_BITS - LOWEST_BITS + 1) << PER_DOUBLING_BITS);

    private LatencyBuckets() {}

    /** The bucket of a latency in microseconds; one below zero (a clock was set back) is 0. */
    public static int of(long micros) {
        if (micros < 1L << LOWEST_BITS) {
            return 0;
        }
        int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
        if (bits > HIGHEST_BITS) {
            return COUNT - 1;
        }
        int quarter = (int) (micros >>> (bits - PER_DOUBLING_BITS)) & 3;
        return 1 + ((bits - LOWEST_BITS) << PER_DOUBLING_BITS) + quarter;
    }

    /**
     * The least latency that is above a bucket, microseconds; of the last bucket, which has no end,
     * where it begins.
     */
    public static long endMicros(int bucket) {
        int from = Math.min(bucket, COUNT - 2);
        int bits = LOWEST_BITS + (from >>> PER_DOUBLING_BITS);
        return (4L + (from & 3)) << (bits - PER_DOUBLING_BITS);
    }
}
