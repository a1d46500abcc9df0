package gw.model;

import java.time.Duration;

/**
 * How many sessions Discord lets a bot start, as {@code /gateway/bot} tells it.
 *
 * @param total in one window of the limit, at least 0
 * @param remaining what is left of it, 0..total
 * @param resetAfter when it is full again; zero: no window is running, the next IDENTIFY starts one
 * @param maxConcurrency identify buckets, at least 1: a shard's is {@code shard_id %
 *     maxConcurrency}
 * @see <a
 *     href="https://docs.discord.com/developers/events/gateway#session-start-limit-object">Discord:
 *     Session Start Limit Object</a>
 */
public record SessionStartLimit(int total, int remaining, Duration resetAfter, int maxConcurrency) {
    public SessionStartLimit {
        if (total < 0) {
            throw new IllegalArgumentException("total: " + total + " (expected: >= 0)");
        }
        if (remaining < 0 || remaining > total) {
            throw new IllegalArgumentException(
                    "remaining: " + remaining + " (expected: 0.." + total + ")");
        }
        if (resetAfter.isNegative()) {
            throw new IllegalArgumentException("resetAfter: " + resetAfter + " (expected: >= 0)");
        }
        if (maxConcurrency < 1) {
            throw new IllegalArgumentException(
                    "maxConcurrency: " + maxConcurrency + " (expected: >= 1)");
        }
    }
}
