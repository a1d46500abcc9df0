package gw.supervisor.delivery;

import java.time.Duration;

/**
 * How many events share a request.
 *
 * @param most events in one, at least 1; 1: each event is a request of its own
 * @param linger how long an event waits for company, at most a second
 */
public record BatchSettings(int most, Duration linger) {
    /** Each event is a request of its own. */
    public static final BatchSettings NONE = new BatchSettings(1, Duration.ZERO);

    public BatchSettings {
        if (most < 1) {
            throw new IllegalArgumentException("most: " + most + " (expected: >= 1)");
        }
        if (linger.isNegative() || linger.toSeconds() > 1) {
            throw new IllegalArgumentException("linger: " + linger + " (expected: 0 to 1 s)");
        }
    }

    /** Whether requests hold lists of events. */
    public boolean on() {
        return most > 1;
    }
}
