package gw.supervisor.plan;

import gw.model.SessionStartLimit;
import gw.supervisor.json.JsonTree;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;

/** Reads the body of {@code /gateway/bot}. What Discord would never say is not taken. */
final class GatewayBotAnswer {
    private static final int MAX_SHARDS = 1_000_000;
    private static final int MAX_CONCURRENCY = 10_000;
    private static final long MAX_RESET_MILLIS = Duration.ofDays(30).toMillis();

    /**
     * The body of a 200.
     *
     * @throws NotUnderstood naming the field
     */
    GatewayBot parse(String body) throws NotUnderstood {
        JsonNode root = tree(body);
        if (!root.isObject()) {
            throw new NotUnderstood("it is not a JSON object");
        }
        JsonNode limit = root.path("session_start_limit");
        int total = (int) number(limit, "session_start_limit.", "total", 0, Integer.MAX_VALUE);
        int remaining =
                (int) number(limit, "session_start_limit.", "remaining", 0, Integer.MAX_VALUE);
        return new GatewayBot(
                url(root.path("url")),
                (int) number(root, "", "shards", 1, MAX_SHARDS),
                new SessionStartLimit(
                        total,
                        Math.min(total, remaining),
                        Duration.ofMillis(
                                number(
                                        limit,
                                        "session_start_limit.",
                                        "reset_after",
                                        0,
                                        MAX_RESET_MILLIS)),
                        (int)
                                number(
                                        limit,
                                        "session_start_limit.",
                                        "max_concurrency",
                                        1,
                                        MAX_CONCURRENCY)));
    }

    /** The body's {@code retry_after}, seconds, when it has a good one. */
    Optional<Double> retryAfterSeconds(String body) {
        try {
            JsonNode seconds = tree(body).path("retry_after");
            return seconds.isNumber() ? Optional.of(seconds.doubleValue()) : Optional.empty();
        } catch (NotUnderstood e) {
            return Optional.empty();
        }
    }

    private JsonNode tree(String body) throws NotUnderstood {
        try {
            return JsonTree.read(body);
        } catch (JacksonException e) {
            throw new NotUnderstood("it is not JSON");
        }
    }

    private static long number(JsonNode parent, String where, String name, long least, long most)
            throws NotUnderstood {
        JsonNode value = parent.path(name);
        if (value.isMissingNode()) {
            throw new NotUnderstood(where + name + " is missing");
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new NotUnderstood(where + name + " is not a whole number");
        }
        long number = value.longValue();
        if (number < least || number > most) {
            throw new NotUnderstood(
                    where + name + ": " + number + " (expected: " + least + ".." + most + ")");
        }
        return number;
    }

    private static URI url(JsonNode value) throws NotUnderstood {
        if (!value.isString()) {
            throw new NotUnderstood("url is missing");
        }
        try {
            URI url = new URI(value.stringValue());
            if (url.getHost() == null) {
                throw new NotUnderstood("url is not ws:// or wss:// with a host");
            }
            URI bare =
                    new URI(
                            url.getScheme(),
                            null,
                            url.getHost(),
                            url.getPort(),
                            url.getPath(),
                            null,
                            null);
            var _ = new GatewayBot(bare, 1, new SessionStartLimit(0, 0, Duration.ZERO, 1));
            return bare;
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new NotUnderstood("url is not ws:// or wss:// with a host");
        }
    }

    /** Why an answer can't be taken, in words. */
    static final class NotUnderstood extends Exception {
        private static final long serialVersionUID = 1L;

        NotUnderstood(String message) {
            super(message);
        }
    }
}
