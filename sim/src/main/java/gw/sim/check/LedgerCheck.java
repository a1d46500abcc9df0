package gw.sim.check;

import gw.sim.bot.Received;
import gw.sim.bot.ReceivedEvent;
import gw.sim.bot.ReceivedGap;
import gw.sim.ledger.Ledger;
import gw.sim.ledger.SentEvent;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Holds what a bot received against what the sim sent (P1, P2, P3). To be asked when nothing is
 * under way any more: what still travels counts as missing.
 */
public final class LedgerCheck {
    private static final long WARM_AFTER_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final boolean ledgerFull;
    private final List<SentEvent> sent;
    private final Set<String> lostSessions;
    private final Received received;
    private final Map<String, SentSession> sessions = new HashMap<>();
    private final Map<Order, Reached> reached = new HashMap<>();
    private final Set<String> announcedSessions = new HashSet<>();
    private final Set<GapClaim> claims = new HashSet<>();
    private final List<GapClaim.QueueFull> spans = new ArrayList<>();
    private final Findings findings = new Findings();
    private final JsonMapper json = JsonMapper.shared();
    private final long[] latencies;
    private final long[] warmLatencies;
    private int distinct;
    private int warm;
    private long redelivered;
    private long unchecked;
    private long announcedLost;
    private long endedWithSession;

    private LedgerCheck(Ledger ledger, Received received) {
        // The lost sessions first: one that is lost meanwhile only makes the check stricter.
        this.lostSessions = ledger.lostSessions();
        this.sent = ledger.events();
        this.ledgerFull = ledger.isFull();
        this.received = received;
        this.latencies = new long[received.events().size()];
        this.warmLatencies = new long[received.events().size()];
    }

    /** Checks all of it; takes a second or so for a million events. */
    public static Balance check(Ledger sent, Received received) {
        return new LedgerCheck(sent, received).balance();
    }

    private Balance balance() {
        for (SentEvent event : sent) {
            sessions.computeIfAbsent(event.sessionId(), _ -> new SentSession()).events.add(event);
        }
        arrivals();
        if (!spans.isEmpty()) {
            new GapSpans(sent, sessions, lostSessions, ledgerFull, findings).cover(spans);
        }
        absences();
        return new Balance(
                sent.size(),
                distinct,
                redelivered,
                findings.count(Flaw.MISSING),
                announcedLost,
                endedWithSession,
                findings.count(Flaw.OUT_OF_ORDER),
                findings.count(Flaw.CORRUPTED),
                findings.count(Flaw.UNKNOWN),
                findings.count(Flaw.FALSE_GAP),
                unchecked,
                received.full(),
                received.faults(),
                Latency.of(Arrays.copyOf(latencies, distinct)),
                Latency.of(Arrays.copyOf(warmLatencies, warm)),
                findings.first());
    }

    /** Events and announcements, as they came. */
    private void arrivals() {
        List<ReceivedEvent> events = new ArrayList<>(received.events());
        events.sort(Comparator.comparingLong(ReceivedEvent::order));
        List<ReceivedGap> gaps = new ArrayList<>(received.gaps());
        gaps.sort(Comparator.comparingLong(ReceivedGap::order));
        int nextGap = 0;
        for (ReceivedEvent event : events) {
            while (nextGap < gaps.size() && gaps.get(nextGap).order() < event.order()) {
                gap(gaps.get(nextGap++));
            }
            event(event);
        }
        while (nextGap < gaps.size()) {
            gap(gaps.get(nextGap++));
        }
    }

    private void event(ReceivedEvent event) {
        SentSession session = sessions.get(event.sessionId());
        int index = session == null ? -1 : session.indexOf(event.sequence());
        if (session == null || index < 0) {
            if (ledgerFull
                    && (session == null
                            || event.sequence() > session.events.getLast().sequence())) {
                unchecked++;
            } else {
                findings.add(Flaw.UNKNOWN, event.name() + " " + event.id());
            }
            return;
        }
        SentEvent original = session.events.get(index);
        compare(original, event);
        if (session.received.get(index)) {
            redelivered++;
            return;
        }
        session.received.set(index);
        session.seen(original.sequence());
        long latency = event.arrivedAtNanos() - original.sentAtNanos();
        latencies[distinct++] = latency;
        if (original.sentAtNanos() - sent.getFirst().sentAtNanos() >= WARM_AFTER_NANOS) {
            warmLatencies[warm++] = latency;
        }
        reach(Order.of(original), new Reached(original, Optional.empty()));
    }

    private void compare(SentEvent original, ReceivedEvent event) {
        if (event.payloadHash() != original.payloadHash()) {
            findings.add(Flaw.CORRUPTED, words(original) + ": other bytes");
        } else if (!event.name().equals(original.name())) {
            findings.add(Flaw.CORRUPTED, words(original) + ": came as " + event.name());
        } else if (event.shardId() != original.shardId()
                || event.shardCount() != original.shardCount()) {
            findings.add(
                    Flaw.CORRUPTED,
                    words(original)
                            + ": came as of shard "
                            + event.shardId()
                            + "/"
                            + event.shardCount());
        }
    }

    /** Everything of this order up to here must have come before. */
    private void reach(Order order, Reached now) {
        Reached before = reached.get(order);
        if (before != null && before.event().order() > now.event().order()) {
            findings.add(
                    Flaw.OUT_OF_ORDER,
                    now.words() + ": came after what was sent later: " + before.words());
        } else {
            reached.put(order, now);
        }
    }

    private void gap(ReceivedGap gap) {
        GapClaim claim = GapClaim.of(gap, json);
        if (!claims.add(claim)) {
            // A redelivery.
            return;
        }
        switch (claim) {
            case GapClaim.Unreadable(String why) ->
                    findings.add(Flaw.FALSE_GAP, gap.id() + ": " + why);
            case GapClaim.SessionEnded(String sessionId) -> {
                if (lostSessions.contains(sessionId)) {
                    announcedSessions.add(sessionId);
                } else {
                    findings.add(
                            Flaw.FALSE_GAP,
                            "session "
                                    + sessionId
                                    + ": announced as ended, and the sim had not"
                                    + " ended it");
                }
            }
            case GapClaim.QueueFull span -> {
                spans.add(span);
                SentEvent last = find(span.to());
                if (last != null) {
                    reach(Order.of(last), new Reached(last, Optional.of(span)));
                }
            }
        }
    }

    private @Nullable SentEvent find(GapClaim.EventId id) {
        SentSession session = sessions.get(id.sessionId());
        int index = session == null ? -1 : session.indexOf(id.sequence());
        return session == null || index < 0 ? null : session.events.get(index);
    }

    /** What never came. */
    private void absences() {
        sessions.forEach((id, session) -> {
            boolean lost = lostSessions.contains(id);
            int size = session.events.size();
            for (int i = session.received.nextClearBit(0);
                    i < size;
                    i = session.received.nextClearBit(i + 1)) {
                SentEvent event = session.events.get(i);
                if (session.covered.get(i)) {
                    announcedLost++;
                } else if (!lost || event.sequence() < session.lastSeen) {
                    findings.add(Flaw.MISSING, words(event));
                } else if (announcedSessions.contains(id)) {
                    announcedLost++;
                } else {
                    endedWithSession++;
                }
            }
        });
    }

    /**
     * How far an order has come.
     *
     * @param event the last one that came, or that a gap covers
     * @param gap the announcement of it; empty: it came itself
     */
    private record Reached(SentEvent event, Optional<GapClaim.QueueFull> gap) {
        String words() {
            return gap.map(GapSpans::words).orElseGet(() -> LedgerCheck.words(event));
        }
    }

    private static String words(SentEvent event) {
        return event.name() + " " + event.id() + " of " + Order.of(event).words();
    }
}
