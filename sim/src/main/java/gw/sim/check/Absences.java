package gw.sim.check;

import gw.sim.ledger.SentEvent;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Finds out about all that never came: what is a loss, and what was not owed. One thread. */
final class Absences {
    /** What is to be said of an event that never came through its session. */
    private enum Fate {
        OWED,
        ANNOUNCED,
        ENDED
    }

    private final Map<String, SentSession> sessions;
    private final Happenings happenings;
    private final Set<String> lostSessions;
    private final Set<String> announcedSessions;
    private final Findings findings;
    private long announcedLost;
    private long endedWithSession;
    private long spare;

    Absences(
            Map<String, SentSession> sessions,
            Happenings happenings,
            Set<String> lostSessions,
            Set<String> announcedSessions,
            Findings findings) {
        this.sessions = sessions;
        this.happenings = happenings;
        this.lostSessions = lostSessions;
        this.announcedSessions = announcedSessions;
        this.findings = findings;
    }

    /** Goes through all that was sent. */
    void of(List<SentEvent> sent) {
        for (SentEvent event : sent) {
            if (event.isOwn()) {
                own(event);
            } else if (happenings.isFirst(event)) {
                happening(event);
            }
        }
    }

    long announcedLost() {
        return announcedLost;
    }

    long endedWithSession() {
        return endedWithSession;
    }

    /** Not received and not owed. */
    long spare() {
        return spare;
    }

    private void own(SentEvent event) {
        if (came(event)) {
            return;
        }
        Fate fate = fate(event);
        if (fate == Fate.OWED && session(event).beside) {
            spare++;
        } else {
            count(fate, event);
        }
    }

    /** One of the copies must have come, or an account of it. */
    private void happening(SentEvent first) {
        List<SentEvent> copies = happenings.copies(first);
        if (happenings.received(first)) {
            spare += copies.stream().filter(copy -> !came(copy)).count();
            return;
        }
        Fate fate = fate(first);
        SentEvent decisive = first;
        for (SentEvent copy : copies) {
            Fate other = fate(copy);
            if (other == Fate.ANNOUNCED || (other == Fate.OWED && fate == Fate.ENDED)) {
                fate = other;
                decisive = copy;
            }
        }
        count(fate, decisive);
        spare += copies.size() - 1;
    }

    private Fate fate(SentEvent event) {
        SentSession session = session(event);
        if (session.covered.get(session.indexOf(event.sequence()))) {
            return Fate.ANNOUNCED;
        }
        if (!lostSessions.contains(event.sessionId()) || event.sequence() < session.lastSeen) {
            return Fate.OWED;
        }
        return announcedSessions.contains(event.sessionId()) ? Fate.ANNOUNCED : Fate.ENDED;
    }

    private void count(Fate fate, SentEvent event) {
        switch (fate) {
            case OWED -> findings.add(Flaw.MISSING, LedgerCheck.words(event));
            case ANNOUNCED -> announcedLost++;
            case ENDED -> endedWithSession++;
        }
    }

    private boolean came(SentEvent event) {
        SentSession session = session(event);
        return session.received.get(session.indexOf(event.sequence()));
    }

    private SentSession session(SentEvent event) {
        return Objects.requireNonNull(sessions.get(event.sessionId()));
    }
}
