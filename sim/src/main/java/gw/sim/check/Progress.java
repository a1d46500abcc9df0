package gw.sim.check;

import gw.sim.ledger.SentEvent;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far one order has come. What happened is in order across all sessions. A session's own events
 * have their place among the others of their session, and of those that it follows; of a session
 * beside it they know nothing. Owned by one thread.
 */
final class Progress {
    /**
     * One step.
     *
     * @param event the event that came, or the last that a gap covers
     * @param gap the announcement of it; empty: it came itself
     */
    record Step(SentEvent event, Optional<GapClaim.QueueFull> gap) {
        private static @Nullable Step later(@Nullable Step one, Step other) {
            return one != null && one.event.order() > other.event.order() ? one : null;
        }
    }

    private static final class Lineage {
        private @Nullable Step last;
        private @Nullable Step lastOwn;
    }

    private final Map<Integer, Lineage> lineages = HashMap.newHashMap(1);
    private @Nullable Step happened;

    /**
     * Everything of the order up to here must have come before.
     *
     * @param lineage of the event's session
     * @return what came already though it is later; null: all is well
     */
    @Nullable Step reach(Step now, int lineage) {
        Lineage own = lineages.computeIfAbsent(lineage, _ -> new Lineage());
        Step before;
        if (now.event.isOwn()) {
            before = Step.later(own.last, now);
        } else {
            before = happened;
            if (before == null || before.event.happening() <= now.event.happening()) {
                before = Step.later(own.lastOwn, now);
            }
        }
        if (before != null) {
            return before;
        }
        if (now.event.isOwn()) {
            own.lastOwn = now;
        } else {
            happened = now;
        }
        if (Step.later(own.last, now) == null) {
            own.last = now;
        }
        return null;
    }
}
