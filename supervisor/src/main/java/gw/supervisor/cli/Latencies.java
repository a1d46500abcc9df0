package gw.supervisor.cli;

import gw.model.LatencyBuckets;
import gw.proto.v1.DeliveryStatus;

import java.util.Optional;

/**
 * Figures of a count of latencies, from Discord's socket to the bot's 2xx. Each is the end of the
 * bucket it falls into: at most a quarter more than the truth, never less.
 *
 * @param p50Micros half of the events took no longer
 * @param maxMicros none took longer; past 36 minutes it is "at least"
 */
record Latencies(long events, long p50Micros, long p99Micros, long maxMicros) {
    /** A count in {@link LatencyBuckets} that nobody changes. */
    static final class Counts {
        private final long[] counts = new long[LatencyBuckets.COUNT];

        private Counts() {}

        /** All events since that supervisor started. */
        static Counts of(DeliveryStatus delivery) {
            Counts all = new Counts();
            int known = Math.min(delivery.getLatencyCountsCount(), all.counts.length);
            for (int i = 0; i < known; i++) {
                all.counts[i] = delivery.getLatencyCounts(i);
            }
            return all;
        }

        /** What came after an earlier count of the same supervisor. */
        Counts since(Counts earlier) {
            return combine(earlier, -1);
        }

        Counts plus(Counts others) {
            return combine(others, 1);
        }

        private Counts combine(Counts with, int sign) {
            Counts result = new Counts();
            for (int i = 0; i < counts.length; i++) {
                result.counts[i] = Math.max(0, counts[i] + sign * with.counts[i]);
            }
            return result;
        }

        /** Empty when nothing was counted. */
        Optional<Latencies> figures() {
            long events = 0;
            for (long count : counts) {
                events += count;
            }
            return events == 0
                    ? Optional.empty()
                    : Optional.of(
                            new Latencies(
                                    events,
                                    at(Math.ceilDiv(events, 2)),
                                    at(events - events / 100),
                                    at(events)));
        }

        private long at(long rank) {
            long seen = 0;
            for (int i = 0; i < counts.length; i++) {
                seen += counts[i];
                if (seen >= rank) {
                    return LatencyBuckets.endMicros(i);
                }
            }
            return LatencyBuckets.endMicros(counts.length - 1);
        }
    }

    /** For example "p50 2 ms, p99 8.7 ms, max 1.2 s". */
    String words() {
        return "p50 " + time(p50Micros) + ", p99 " + time(p99Micros) + ", max " + time(maxMicros);
    }

    /** Without the maximum, which one slow event long ago decides for ever. */
    String shortWords() {
        return "p50 " + time(p50Micros) + ", p99 " + time(p99Micros);
    }

    private static String time(long micros) {
        return micros < 100_000 ? Words.latency(micros) : Words.duration(micros / 1_000);
    }
}
