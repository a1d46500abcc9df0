package gw.sim.check;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How long events took from the sim's session to the bot, waits and replays among them.
 *
 * @param p50 the median
 * @param p99 one of a hundred took longer
 * @param p999 one of a thousand took longer
 * @param max the longest
 */
public record Latency(Duration p50, Duration p99, Duration p999, Duration max) {
    /** Sorts the array; empty when nothing was measured. */
    static Optional<Latency> of(long[] nanos) {
        if (nanos.length == 0) {
            return Optional.empty();
        }
        Arrays.sort(nanos);
        return Optional.of(
                new Latency(
                        at(nanos, 0.5),
                        at(nanos, 0.99),
                        at(nanos, 0.999),
                        Duration.ofNanos(nanos[nanos.length - 1])));
    }

    private static Duration at(long[] sorted, double share) {
        int index = (int) Math.ceil(share * sorted.length) - 1;
        return Duration.ofNanos(sorted[Math.max(0, index)]);
    }

    String words() {
        return "p50 "
                + millis(p50)
                + " ms, p99 "
                + millis(p99)
                + " ms, p99.9 "
                + millis(p999)
                + " ms, max "
                + millis(max)
                + " ms";
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.2f", time.toNanos() / 1e6);
    }
}
