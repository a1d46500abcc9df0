package gw.sim.bot;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** How a bot answers a delivery: one event, or a list of them as a whole. */
public sealed interface BotAnswer {
    /** 200 at once. */
    record Ok() implements BotAnswer {}

    /**
     * This status at once; a 2xx settles the events.
     *
     * @param code 200 to 599
     * @param retryAfter goes into {@code Retry-After}, in whole seconds, rounded up
     */
    record Status(int code, Optional<Duration> retryAfter) implements BotAnswer {
        /** Refuses numbers that are no final status. */
        public Status {
            if (code < 200 || code > 599) {
                throw new IllegalArgumentException("code: " + code + " (expected: 200-599)");
            }
        }

        /** Without a Retry-After. */
        public Status(int code) {
            this(code, Optional.empty());
        }
    }

    /** 200 after a while. */
    record Delay(Duration duration) implements BotAnswer {}

    /** Never; the connection stays open. */
    record Hang() implements BotAnswer {}

    /** The connection is reset as soon as the request's head is there, or tells what is in it. */
    record Reset() implements BotAnswer {}

    /** One answer to requests with such an event, another to all others. */
    record Only(Predicate<EventHead> which, BotAnswer answer, BotAnswer others)
            implements BotAnswer {}

    /** The answer to a request with these events: never an {@link Only}. */
    default BotAnswer to(List<EventHead> events) {
        return this instanceof Only only
                ? (events.stream().anyMatch(only.which()) ? only.answer() : only.others())
                        .to(events)
                : this;
    }
}
