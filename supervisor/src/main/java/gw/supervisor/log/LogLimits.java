package gw.supervisor.log;

/**
 * The user's bound on what may wait for the bot.
 *
 * @param maxBytes of records
 * @param maxEvents records
 */
public record LogLimits(long maxBytes, long maxEvents) {
    public LogLimits {
        if (maxBytes < 1 || maxEvents < 1) {
            throw new IllegalArgumentException(
                    "limits: " + maxBytes + " bytes, " + maxEvents + " events (expected: >= 1)");
        }
    }

    /** Both bounds. */
    public static LogLimits of(long maxBytes, long maxEvents) {
        return new LogLimits(maxBytes, maxEvents);
    }
}
