package gw.supervisor.delivery;

import io.netty.util.concurrent.EventExecutor;

import java.util.concurrent.TimeUnit;

/**
 * Whether anything gets through to the bot. While nothing does, all wait, and one probe at a time
 * goes out. Owned by the data event loop.
 */
final class Outage {
    /** So many failures in a row, of whatever guilds, are the bot's state and not an event's. */
    private static final int MANY_FAILURES = 8;

    private final EventExecutor loop;
    private final RetryBackoff backoff;
    private final int many;
    private final Deferrals deferrals;
    private final Runnable goOn;
    private boolean on;
    private boolean pausing;
    private long askedPauseNanos;
    private int failureStreak;
    private int probes;

    /**
     * There is none yet.
     *
     * @param concurrency tries that are under way at once
     * @param deferrals hears when it begins and ends
     * @param goOn called after each pause
     */
    Outage(
            EventExecutor loop,
            RetryBackoff backoff,
            int concurrency,
            Deferrals deferrals,
            Runnable goOn) {
        this.loop = loop;
        this.backoff = backoff;
        this.many = Math.max(MANY_FAILURES, concurrency);
        this.deferrals = deferrals;
        this.goOn = goOn;
    }

    /** Nothing gets through. */
    boolean isOn() {
        return on;
    }

    /** Nothing is to go out just now. */
    boolean isPausing() {
        return pausing;
    }

    /** Something got through, or the bot has at least looked at it. */
    void end() {
        failureStreak = 0;
        probes = 0;
        if (on) {
            on = false;
            deferrals.botAway(false);
        }
    }

    /** A try failed; whether so many did in a row that the reason must be the bot. */
    boolean failedOften() {
        failureStreak++;
        return failureStreak >= many;
    }

    /** It begins, or goes on; nothing goes out for a while, and not before the bot wants it. */
    void begin(long askedNanos) {
        if (!on) {
            on = true;
            deferrals.botAway(true);
        }
        askedPauseNanos = Math.max(askedPauseNanos, askedNanos);
        if (!pausing) {
            pausing = true;
            // Only probes count, not the many that were under way when the bot went.
            probes++;
            pause(backoff.outageNanos(probes));
        }
    }

    private void pause(long atLeastNanos) {
        long delayNanos = Math.max(askedPauseNanos, atLeastNanos);
        askedPauseNanos = 0;
        var _ =
                loop.schedule(
                        () -> {
                            if (askedPauseNanos > 0) {
                                // One of those that were under way was asked to wait longer.
                                pause(0);
                            } else {
                                pausing = false;
                                goOn.run();
                            }
                        },
                        delayNanos,
                        TimeUnit.NANOSECONDS);
    }
}
