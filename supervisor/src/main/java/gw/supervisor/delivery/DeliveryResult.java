package gw.supervisor.delivery;

import java.time.Duration;
import java.util.Optional;

/** What became of one try to deliver an event. */
public sealed interface DeliveryResult {
    /** Settled. */
    record Delivered() implements DeliveryResult {}

    /**
     * To be tried again, for as long as it takes.
     *
     * @param reason in words, for people
     * @param retryAfter what the bot asked for
     */
    record Retry(Kind kind, String reason, Optional<Duration> retryAfter)
            implements DeliveryResult {}

    /**
     * The bot refused this very event; after a few tries it is given up.
     *
     * @param status HTTP's
     */
    record Refused(int status, String reason) implements DeliveryResult {}

    /** Why a try failed, as far as it matters for the next. */
    enum Kind {
        /** Nobody listens, or the connection broke: the bot is away. */
        UNREACHABLE,
        /** No answer in time, 5xx, 408: may be this event's alone. */
        FAILED,
        /** 429: the bot wants less. */
        SLOW_DOWN,
        /** 401, 403, 404, 3xx and the like: URL or secret are wrong, every event would fail. */
        MISCONFIGURED
    }
}
