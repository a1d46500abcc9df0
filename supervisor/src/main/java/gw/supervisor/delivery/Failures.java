package gw.supervisor.delivery;

import java.time.InstantSource;
import java.util.Optional;

/**
 * What went wrong, for the status, and whose fault it is: one event's, or the bot's. Owned by the
 * data event loop.
 */
final class Failures {
    private final Outage outage;
    private final InstantSource clock;
    private long count;
    private String last = "";
    private long lastMillis;
    private Optional<String> problem = Optional.empty();

    /** {@code outage} is told how the tries end. */
    Failures(Outage outage, InstantSource clock) {
        this.outage = outage;
        this.clock = clock;
    }

    /** Tries that failed. */
    long count() {
        return count;
    }

    /** Why the last of them did; empty: none did. */
    String last() {
        return last;
    }

    /** When it did, milliseconds since the epoch. */
    long lastMillis() {
        return lastMillis;
    }

    /** Why events wait; empty: they don't. */
    Optional<String> problem() {
        return problem;
    }

    /** Something got through. */
    void delivered() {
        outage.end();
        problem = Optional.empty();
    }

    /** The bot looked at it and won't have it: no outage. */
    void refused(DeliveryResult.Refused refused) {
        outage.end();
        note(refused.reason());
    }

    /**
     * Whether a failure tells of the bot's state, and not only of what was tried.
     *
     * @param attempt of what was tried, from 1
     */
    boolean concernsAll(DeliveryResult.Retry retry, int attempt) {
        note(retry.reason());
        boolean often = outage.failedOften();
        boolean all =
                switch (retry.kind()) {
                    case UNREACHABLE -> true;
                    // While others get through, one that fails again fails for reasons of its own.
                    case SLOW_DOWN, MISCONFIGURED -> often || outage.isOn() || attempt == 1;
                    case FAILED -> often;
                };
        if (retry.kind() == DeliveryResult.Kind.MISCONFIGURED) {
            problem =
                    Optional.of(
                            "events are kept, the bot's URL or secret is wrong: " + retry.reason());
        } else if (all && retry.kind() != DeliveryResult.Kind.SLOW_DOWN) {
            problem = Optional.of("events wait for the bot: " + retry.reason());
        }
        return all;
    }

    private void note(String reason) {
        count++;
        last = reason;
        lastMillis = clock.millis();
    }
}
