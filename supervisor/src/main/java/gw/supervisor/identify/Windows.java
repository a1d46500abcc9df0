package gw.supervisor.identify;

/**
 * How long a bucket stays closed after an IDENTIFY. Discord's window runs from when it counts one,
 * which is some time after it was written: the interval has a little for that. How much it was the
 * answer tells. READY comes after the count, and takes at least as long from there as the fastest
 * READY that was ever seen, less what that one had spent on its own way out: so an answer that came
 * at once proves the window to have begun, and one that came late says that the IDENTIFY may have
 * been under way for long (P5).
 */
final class Windows {
    private final IdentifySettings settings;
    private final long intervalNanos;
    private final long slackNanos;
    private final long windowNanos;
    private long fastestAnswerNanos = Long.MAX_VALUE;

    Windows(IdentifySettings settings) {
        this.settings = settings;
        this.intervalNanos = settings.interval().toNanos();
        this.slackNanos = IdentifySettings.NETWORK_SLACK.toNanos();
        this.windowNanos = intervalNanos - slackNanos;
    }

    /** How long after the report of an IDENTIFY nothing else goes unless its answer comes. */
    long patienceNanos() {
        // An interval without anything for the network is the user's own affair.
        return settings.hasNetworkSlack() ? 2 * intervalNanos : intervalNanos;
    }

    /** When the next IDENTIFY may go after one that was written and answered at these moments. */
    long opensNanos(long writtenNanos, long answeredNanos) {
        if (!settings.hasNetworkSlack()) {
            return writtenNanos + intervalNanos;
        }
        fastestAnswerNanos = Math.min(fastestAnswerNanos, answeredNanos - writtenNanos);
        return answeredNanos - Math.max(0, fastestAnswerNanos - slackNanos) + windowNanos;
    }

    /** The same when the connection went away without an answer. */
    long opensNanos(long writtenNanos) {
        return writtenNanos + intervalNanos;
    }
}
