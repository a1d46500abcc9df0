package gw.sim.check;

import gw.sim.ledger.SentEvent;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Marks the events that announcements cover: those of one order between the first and the last of a
 * span that never came. Their number must be the one that was announced. Owned by one thread.
 */
final class GapSpans {
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
        spans.forEach(span -> cover(span, byOrder.getOrDefault(span.order(), List.of())));
    }

    private void cover(GapClaim.QueueFull span, List<SentEvent> events) {
        int from = indexOf(span.from(), events);
        int to = indexOf(span.to(), events);
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
            to = events.size() - 1;
        }
        int certain = 0;
        int possible = 0;
        int came = 0;
        for (SentEvent event : events.subList(from, to + 1)) {
            SentSession session = session(event.sessionId());
            int index = session == null ? -1 : session.indexOf(event.sequence());
            if (session == null || session.covered.get(index)) {
                continue;
            }
            if (session.received.get(index)) {
                came++;
                continue;
            }
            session.covered.set(index);
            possible++;
            // The last events of a session that the sim ended may never have come as far as the
            // queue: the announcement need not count them.
            certain += lostSessions.contains(event.sessionId()) ? 0 : 1;
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

    private int indexOf(GapClaim.EventId id, List<SentEvent> events) {
        SentSession session = session(id.sessionId());
        int index = session == null ? -1 : session.indexOf(id.sequence());
        if (session == null || index < 0) {
            return -1;
        }
        long place = session.events.get(index).order();
        int low = 0;
        int high = events.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = events.get(middle).order();
            if (found == place) {
                return middle;
            }
            if (found < place) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
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
