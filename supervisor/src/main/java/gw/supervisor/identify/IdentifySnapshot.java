package gw.supervisor.identify;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How identifying stands.
 *
 * @param total the session start limit
 * @param remaining what is left of it, tokens that are out already taken off
 * @param resetsAt when it is full again; empty when no window of it is running
 * @param maxConcurrency identify buckets
 * @param interval least time between two IDENTIFYs of one bucket
 * @param queued shards that wait for a token
 * @param spent IDENTIFYs written since this limiter was made, those included that are only assumed
 * @param reserve session starts kept back for sessions that Discord ends
 * @param waitingUntil nothing is granted to a shard that waits before this moment because the limit
 *     is spent; empty: not waiting
 * @param doneAt when the last shard of the queue will have identified, as things stand; empty: none
 *     is queued
 * @param problem what needs a human, in words
 */
public record IdentifySnapshot(
        int total,
        int remaining,
        Optional<Instant> resetsAt,
        int maxConcurrency,
        Duration interval,
        int queued,
        long spent,
        int reserve,
        Optional<Instant> waitingUntil,
        Optional<Instant> doneAt,
        Optional<String> problem) {}
