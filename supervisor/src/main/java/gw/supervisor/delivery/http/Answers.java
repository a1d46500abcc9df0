package gw.supervisor.delivery.http;

import gw.supervisor.delivery.DeliveryResult;
import gw.supervisor.delivery.DeliveryResult.Kind;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What the bot's status code means. */
final class Answers {
    static final DeliveryResult DELIVERED = new DeliveryResult.Delivered();

    private static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

    private Answers() {}

    static DeliveryResult of(HttpResponse response, InstantSource clock) {
        int status = response.status().code();
        if (status >= 200 && status < 300) {
            return DELIVERED;
        }
        String reason = "HTTP " + response.status();
        return switch (status) {
            case 400, 413, 422 -> new DeliveryResult.Refused(status, reason);
            case 429 ->
                    new DeliveryResult.Retry(Kind.SLOW_DOWN, reason, retryAfter(response, clock));
            case 408 -> new DeliveryResult.Retry(Kind.FAILED, reason, Optional.empty());
            default ->
                    status >= 500
                            ? new DeliveryResult.Retry(
                                    Kind.FAILED, reason, retryAfter(response, clock))
                            : new DeliveryResult.Retry(
                                    Kind.MISCONFIGURED, reason, Optional.empty());
        };
    }

    /** Seconds or a date; what can't be read counts as absent. */
    static Optional<Duration> retryAfter(HttpResponse response, InstantSource clock) {
        String value = response.headers().get(HttpHeaderNames.RETRY_AFTER);
        if (value == null || value.length() > 64) {
            return Optional.empty();
        }
        Duration wait;
        try {
            double seconds = Double.parseDouble(value.trim());
            if (!(seconds >= 0)) {
                return Optional.empty();
            }
            wait = Duration.ofMillis((long) Math.min(seconds * 1_000, 86_400_000));
        } catch (NumberFormatException e) {
            try {
                wait =
                        Duration.between(
                                clock.instant(),
                                ZonedDateTime.parse(
                                                value.trim(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                        .toInstant());
            } catch (DateTimeException notADate) {
                return Optional.empty();
            }
        }
        if (wait.isNegative()) {
            return Optional.of(Duration.ZERO);
        }
        return Optional.of(wait.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : wait);
    }
}
