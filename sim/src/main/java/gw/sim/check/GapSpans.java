package gw.sim.check;

import gw.sim.ledger.SentEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Marks the events that announcements cover: those of one order between the first and the last of a
 * span that never came, in whichever session they were sent. Their number must be the one that was
 * announced. Owned by one thread.
 */
final class GapSpans {
    /** What an announcement means for one event, or for all copies of one happening. */
    private enum Lost {
        CAME,
        COVERED_BEFORE,
        POSSIBLE,
        CERTAIN
    }

    private final List<SentEvent> sent;
    private final Map<String, SentSession> sessions;
    private final Set<String> lostSessions;
    private final boolean ledgerFull;
    private final Findings findings;

    GapSpans(
            List<SentEvent> sent,
            Map<String, SentSession> sessions,
            Set<String> lostSessions,
            boolean ledgerFull,
            Findings findings) {
        this.sent = sent;
        this.sessions = sessions;
        this.lostSessions = lostSessions;
        this.ledgerFull = ledgerFull;
        this.findings = findings;
    }

    void cover(List<GapClaim.QueueFull> spans) {
        Map<Order, List<SentEvent>> byOrder = new HashMap<>();
        spans.forEach(span -> byOrder.putIfAbsent(span.order(), new ArrayList<>()));
        for (SentEvent event : sent) {
            List<SentEvent> wanted = byOrder.get(Order.of(event));
            if (wanted != null) {
                wanted.add(event);
            }
        }
        Map<Order, Timeline> timelines = new HashMap<>();
        byOrder.forEach((order, events) -> timelines.put(order, new Timeline(events)));
        spans.forEach(span -> cover(span, Objects.requireNonNull(timelines.get(span.order()))));
    }

    private void cover(GapClaim.QueueFull span, Timeline timeline) {
        int from = indexOf(span.from(), timeline);
        int to = indexOf(span.to(), timeline);
        if (from < 0 || to < from) {
            if (!ledgerFull) {
                findings.add(
                        Flaw.FALSE_GAP,
                        words(span) + ": its ends are not two events of it, in order");
                return;
            }
            if (from < 0) {
                return;
            }
            to = timeline.size() - 1;
        }
        int certain = 0;
        int possible = 0;
        int came = 0;
        for (int place = from; place <= to; place++) {
            switch (mark(timeline.at(place))) {
                case CAME -> came++;
                case COVERED_BEFORE -> {
                    // By another announcement, which counted it.
                }
                case POSSIBLE -> possible++;
                case CERTAIN -> {
                    possible++;
                    certain++;
                }
            }
        }
        see(span.from());
        see(span.to());
        // An event that the bot took while its answer was lost is lost for all that gw knows.
        if (!ledgerFull && (span.events() < certain || span.events() > possible + came)) {
            findings.add(
                    Flaw.FALSE_GAP,
                    words(span)
                            + ": it says "
                            + span.events()
                            + " events, and "
                            + possible
                            + " never came");
        }
    }

    private Lost mark(List<SentEvent> copies) {
        boolean certain = false;
        for (SentEvent copy : copies) {
            SentSession session = Objects.requireNonNull(sessions.get(copy.sessionId()));
            int index = session.indexOf(copy.sequence());
            if (session.covered.get(index)) {
                return Lost.COVERED_BEFORE;
            }
            if (session.received.get(index)) {
                return Lost.CAME;
            }
            // The last events of a session that the sim ended may never have come as far as the
            // queue, and a session's own need not when it began beside others: the announcement
            // need not count them.
            certain |=
                    !lostSessions.contains(copy.sessionId()) && !(copy.isOwn() && session.beside);
        }
        for (SentEvent copy : copies) {
            SentSession session = Objects.requireNonNull(sessions.get(copy.sessionId()));
            session.covered.set(session.indexOf(copy.sequence()));
        }
        return certain ? Lost.CERTAIN : Lost.POSSIBLE;
    }

    private int indexOf(GapClaim.EventId id, Timeline timeline) {
        SentSession session = session(id.sessionId());
        int index = session == null ? -1 : session.indexOf(id.sequence());
        return session == null || index < 0 ? -1 : timeline.indexOf(session.events.get(index));
    }

    private void see(GapClaim.EventId id) {
        SentSession session = session(id.sessionId());
        if (session != null) {
            session.seen(id.sequence());
        }
    }

    private @Nullable SentSession session(String id) {
        return sessions.get(id);
    }

    static String words(GapClaim.QueueFull span) {
        return "the gap ("
                + span.reason()
                + ") from "
                + span.from().sessionId()
                + ":"
                + span.from().sequence()
                + " to "
                + span.to().sessionId()
                + ":"
                + span.to().sequence()
                + " of "
                + span.order().words();
    }
}
