package gw.sim.check;

import gw.sim.bot.Received;
import gw.sim.bot.ReceivedEvent;
import gw.sim.bot.ReceivedGap;
import gw.sim.ledger.Ledger;
import gw.sim.ledger.SentEvent;

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
 * Holds what a bot received against what the sim sent (P1, P2, P3). What several sessions were told
 * of one happening is owed once, through any of them. To be asked when nothing is under way any
 * more: what still travels counts as missing.
 */
public final class LedgerCheck {
    private static final long WARM_AFTER_NANOS = TimeUnit.SECONDS.toNanos(15);

    /** Sessions of one shard and count follow each other, but for those that began beside. */
    private record Shard(int id, int count) {}

    private final boolean ledgerFull;
    private final List<SentEvent> sent;
    private final Set<String> lostSessions;
    private final Set<String> besideSessions;
    private final Happenings happenings;
    private final Received received;
    private final Map<String, SentSession> sessions = new HashMap<>();
    private final Map<Order, Progress> progress = new HashMap<>();
    private final Map<Shard, Integer> lineages = new HashMap<>();
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

    private LedgerCheck(Ledger ledger, Received received) {
        // The lost sessions first: one that is lost meanwhile only makes the check stricter.
        this.lostSessions = ledger.lostSessions();
        this.sent = ledger.events();
        // These last: one that came late can only owe less.
        this.besideSessions = ledger.besideSessions();
        this.happenings = new Happenings(sent);
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
            sessions.computeIfAbsent(event.sessionId(), _ -> session(event)).events.add(event);
        }
        arrivals();
        if (!spans.isEmpty()) {
            new GapSpans(sent, sessions, lostSessions, ledgerFull, findings).cover(spans);
        }
        Absences absences =
                new Absences(sessions, happenings, lostSessions, announcedSessions, findings);
        absences.of(sent);
        return new Balance(
                sent.size(),
                distinct,
                redelivered,
                findings.count(Flaw.DUPLICATED),
                absences.spare(),
                findings.count(Flaw.MISSING),
                absences.announcedLost(),
                absences.endedWithSession(),
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

    private SentSession session(SentEvent first) {
        boolean beside = besideSessions.contains(first.sessionId());
        Shard shard = new Shard(first.shardId(), first.shardCount());
        int next = sessions.size();
        if (beside) {
            lineages.put(shard, next);
        }
        return new SentSession(lineages.computeIfAbsent(shard, _ -> next), beside);
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
        if (!original.isOwn() && !happenings.receive(original)) {
            findings.add(Flaw.DUPLICATED, words(original) + ": had come through another session");
            return;
        }
        long latency = event.arrivedAtNanos() - original.sentAtNanos();
        latencies[distinct++] = latency;
        if (original.sentAtNanos() - sent.getFirst().sentAtNanos() >= WARM_AFTER_NANOS) {
            warmLatencies[warm++] = latency;
        }
        reach(new Progress.Step(original, Optional.empty()), session.lineage);
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

    private void reach(Progress.Step now, int lineage) {
        Progress.Step before =
                progress.computeIfAbsent(Order.of(now.event()), _ -> new Progress())
                        .reach(now, lineage);
        if (before != null) {
            findings.add(
                    Flaw.OUT_OF_ORDER,
                    words(now) + ": came after what was sent later: " + words(before));
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
                SentSession session = sessions.get(span.to().sessionId());
                int index = session == null ? -1 : session.indexOf(span.to().sequence());
                if (session != null && index >= 0) {
                    SentEvent last = session.events.get(index);
                    reach(new Progress.Step(last, Optional.of(span)), session.lineage);
                }
            }
        }
    }

    private static String words(Progress.Step step) {
        return step.gap().map(GapSpans::words).orElseGet(() -> words(step.event()));
    }

    static String words(SentEvent event) {
        return event.name() + " " + event.id() + " of " + Order.of(event).words();
    }
}
