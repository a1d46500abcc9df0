package gw.sim.interaction;

import java.util.Map;

/**
 * What became of the interactions so far.
 *
 * @param sent dispatched to a session, each counted once
 * @param acknowledged in time, by callback type
 * @param tooLate callbacks that came after 3 s
 * @param twice callbacks for what was acknowledged before
 * @param followUps follow-up messages and edits that were taken
 * @param followUpsRefused those that were not: unknown, not acknowledged, or after 15 min
 * @param limited calls that got a 429
 */
public record InteractionStats(
        long sent,
        Map<String, Long> acknowledged,
        long tooLate,
        long twice,
        long followUps,
        long followUpsRefused,
        long limited) {
    /** All that were acknowledged in time. */
    public long acknowledgedInAll() {
        return acknowledged.values().stream().mapToLong(Long::longValue).sum();
    }
}
