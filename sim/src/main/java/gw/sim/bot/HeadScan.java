package gw.sim.bot;

import io.netty.handler.codec.http.HttpHeaders;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the headers of a delivery. */
final class HeadScan {
    private static final String BATCH_SIZE = "X-Gw-Batch-Size";
    private static final String ATTEMPT = "X-Gw-Attempt";

    /** What stands with each event of a list, and not above it. */
    private static final List<String> OF_ONE =
            List.of(
                    "X-Gw-Event-Id",
                    "X-Gw-Event-Name",
                    "X-Gw-Shard-Id",
                    "X-Gw-Shard-Count",
                    "X-Gw-Deferred");

    /** No sender needs more, and what is kept of a request is bounded by it. */
    private static final int MAX_BATCH = 10_000;

    private static final int MAX_DIGITS = 9;
    private static final int MAX_SEQUENCE_DIGITS = 18;

    private HeadScan() {}

    /** Empty when a header is missing or unreadable. */
    static Optional<EventHead> read(HttpHeaders headers) {
        String id = headers.get("X-Gw-Event-Id");
        String name = headers.get("X-Gw-Event-Name");
        int shardId = number(headers.get("X-Gw-Shard-Id"));
        int shardCount = number(headers.get("X-Gw-Shard-Count"));
        int attempt = number(headers.get(ATTEMPT));
        String deferred = headers.get("X-Gw-Deferred");
        int deferredBy = deferred == null ? 0 : number(deferred);
        if (id == null
                || name == null
                || name.isEmpty()
                || shardId < 0
                || shardCount < 1
                || attempt < 1
                || deferredBy < 0
                || sequence(id) < 0) {
            return Optional.empty();
        }
        return Optional.of(new EventHead(id, name, shardId, shardCount, attempt, deferredBy));
    }

    /** Whether the body is a list of events. */
    static boolean isBatch(HttpHeaders headers) {
        return headers.contains(BATCH_SIZE);
    }

    /** How many events the list holds; empty: that is unreadable, or contradicted. */
    static OptionalInt batchSize(HttpHeaders headers) {
        int size = number(headers.get(BATCH_SIZE));
        return size < 1 || size > MAX_BATCH || OF_ONE.stream().anyMatch(headers::contains)
                ? OptionalInt.empty()
                : OptionalInt.of(size);
    }

    /** Which try a list is; empty: that is missing or unreadable. */
    static OptionalInt attempt(HttpHeaders headers) {
        int attempt = number(headers.get(ATTEMPT));
        return attempt < 1 ? OptionalInt.empty() : OptionalInt.of(attempt);
    }

    /** The sequence in an id {@code session_id:seq}; -1: it is no such id. */
    static long sequence(String id) {
        int colon = id.lastIndexOf(':');
        return colon < 1 ? -1 : digits(id, colon + 1, MAX_SEQUENCE_DIGITS);
    }

    private static int number(@Nullable String text) {
        return text == null ? -1 : (int) digits(text, 0, MAX_DIGITS);
    }

    /** Nothing but digits; -1: something else. */
    private static long digits(String text, int from, int atMost) {
        int count = text.length() - from;
        if (count < 1 || count > atMost) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }
}
