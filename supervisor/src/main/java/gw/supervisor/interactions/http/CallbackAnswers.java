package gw.supervisor.interactions.http;

import gw.supervisor.interactions.CallbackAnswer;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;

/** What Discord's status, headers and error object mean. */
final class CallbackAnswers {
    private static final int ALREADY_ACKNOWLEDGED = 40060;
    private static final int UNKNOWN_INTERACTION = 10062;
    private static final double DEFAULT_WAIT_SECONDS = 1;
    private static final double MOST_WAIT_SECONDS = 3_600;
    private static final JsonFactory JSON = new JsonFactory();

    private int code;
    private double retryAfter = -1;
    private boolean global;

    private CallbackAnswers() {}

    static CallbackAnswer of(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            return new CallbackAnswer.Taken();
        }
        CallbackAnswers error = new CallbackAnswers();
        error.read(response.body());
        return switch (status) {
            case 401, 403 -> new CallbackAnswer.Blocked(status);
            case 429 -> error.slowDown(response.headers());
            default -> {
                if (status >= 500 || status == 408) {
                    yield new CallbackAnswer.Broken("Discord answered " + status);
                }
                if (error.code == ALREADY_ACKNOWLEDGED) {
                    yield new CallbackAnswer.Acknowledged();
                }
                yield error.code == UNKNOWN_INTERACTION
                        ? new CallbackAnswer.Unknown()
                        : new CallbackAnswer.Refused(status, error.code);
            }
        };
    }

    private CallbackAnswer slowDown(HttpHeaders headers) {
        // One that isn't Discord's own comes from the edge, and means all that this address sends.
        boolean all =
                global
                        || retryAfter < 0
                        || headers.firstValue("X-RateLimit-Global").orElse("").equals("true");
        double seconds =
                retryAfter >= 0
                        ? retryAfter
                        : seconds(headers.firstValue("Retry-After").orElse(""));
        return new CallbackAnswer.SlowDown(
                Duration.ofMillis((long) Math.ceil(Math.min(seconds, MOST_WAIT_SECONDS) * 1_000)),
                all);
    }

    private static double seconds(String text) {
        try {
            double seconds = Double.parseDouble(text.strip());
            return seconds >= 0 ? seconds : DEFAULT_WAIT_SECONDS;
        } catch (NumberFormatException e) {
            return DEFAULT_WAIT_SECONDS;
        }
    }

    /** Takes what it finds; anything but Discord's error object says nothing. */
    private void read(byte[] body) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            for (String key = parser.nextName(); key != null; key = parser.nextName()) {
                JsonToken value = parser.nextToken();
                switch (key) {
                    case "code" ->
                            code = value == JsonToken.VALUE_NUMBER_INT ? parser.getIntValue() : 0;
                    case "retry_after" -> {
                        double given = value.isNumeric() ? parser.getDoubleValue() : -1;
                        retryAfter = given >= 0 ? given : -1;
                    }
                    case "global" -> global = value == JsonToken.VALUE_TRUE;
                    default -> {}
                }
                var _ = parser.skipChildren();
            }
        } catch (JacksonException e) {
            // What was read before counts.
            return;
        }
    }
}
