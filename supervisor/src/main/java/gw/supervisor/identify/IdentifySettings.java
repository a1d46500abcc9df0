package gw.supervisor.identify;

import java.time.Duration;

/**
 * How carefully identify tokens are handed out.
 *
 * @param interval least time between two IDENTIFYs of one bucket, measured here; Discord's 5 s and
 *     whatever the network may differ between two of them
 * @param reserve session starts kept back for sessions that Discord ends; at most half of the
 *     limit's total is kept, so that a small limit doesn't keep all shards from starting
 * @param validFor how long after its arrival a worker may use a token
 * @param assumeUsedAfter a token of which nothing was heard for so long is taken for used. Until
 *     then its bucket stays closed, so this is longer than a worker may hang before it is replaced
 * @param firstAnswerWithin until Discord has taken the first IDENTIFY only one is out at a time,
 *     but no longer than this; zero: there is no such trial
 */
public record IdentifySettings(
        Duration interval,
        int reserve,
        Duration validFor,
        Duration assumeUsedAfter,
        Duration firstAnswerWithin) {
    /** What {@link #of} takes for {@code validFor}. */
    public static final Duration DEFAULT_VALID_FOR = Duration.ofSeconds(3);

    /** What an interval of 5.1 s has for the network; the rest is for clocks. */
    static final Duration NETWORK_SLACK = Duration.ofMillis(90);

    /** Discord's window, and a little for clocks that don't run alike. */
    private static final Duration KNOWN_WINDOW = Duration.ofMillis(5_010);

    private static final Duration REPORT_SLACK = Duration.ofSeconds(2);

    public IdentifySettings {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: > 0)");
        }
        if (reserve < 0) {
            throw new IllegalArgumentException("reserve: " + reserve + " (expected: >= 0)");
        }
        if (validFor.isNegative() || validFor.isZero()) {
            throw new IllegalArgumentException("validFor: " + validFor + " (expected: > 0)");
        }
        if (assumeUsedAfter.compareTo(validFor) <= 0) {
            throw new IllegalArgumentException(
                    "assumeUsedAfter: " + assumeUsedAfter + " (expected: > " + validFor + ")");
        }
        if (firstAnswerWithin.isNegative()) {
            throw new IllegalArgumentException(
                    "firstAnswerWithin: " + firstAnswerWithin + " (expected: >= 0)");
        }
    }

    /**
     * Settings for workers that are replaced when they hang.
     *
     * @param workerTimeout a worker from which nothing was heard for so long is killed
     */
    public static IdentifySettings of(Duration interval, int reserve, Duration workerTimeout) {
        return new IdentifySettings(
                interval,
                reserve,
                DEFAULT_VALID_FOR,
                workerTimeout.plus(DEFAULT_VALID_FOR).plus(REPORT_SLACK),
                Duration.ZERO);
    }

    /** Whether the interval is longer than Discord's window by what it has for the network. */
    boolean hasNetworkSlack() {
        return interval.minus(NETWORK_SLACK).compareTo(KNOWN_WINDOW) >= 0;
    }

    /** The same, with a trial: see {@link #firstAnswerWithin}. */
    public IdentifySettings tryingOneFirst(Duration within) {
        return new IdentifySettings(interval, reserve, validFor, assumeUsedAfter, within);
    }
}
