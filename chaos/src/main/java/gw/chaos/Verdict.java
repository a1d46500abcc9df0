package gw.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which promises were kept. Pure.
 *
 * @param broken one line for each that was not; empty: all were kept
 */
record Verdict(List<String> broken) {
    /** Announced when the queue's limit dropped events. */
    static final String QUEUE_FULL = "queue_full";

    /** So many offenders are named. */
    private static final int NAMED = 10;

    private static final String HEARTBEAT_MISSED = "heartbeat_missed";

    Verdict {
        broken = List.copyOf(broken);
    }

    boolean kept() {
        return broken.isEmpty();
    }

    static Verdict of(Evidence evidence) {
        List<String> broken = new ArrayList<>(evidence.incidents());
        if (!evidence.drained()) {
            broken.add("P6: after the trouble gw did not become ready and empty in time");
        }
        delivery(evidence, broken);
        identifies(evidence, broken);
        violations(evidence, broken);
        return new Verdict(broken);
    }

    private static void delivery(Evidence evidence, List<String> broken) {
        var balance = evidence.balance();
        count(broken, "P1: missing, neither received nor announced", balance.missing());
        count(broken, "P3: received through two sessions", balance.duplicated());
        count(broken, "P2: out of order", balance.outOfOrder());
        count(broken, "P1: other bytes than were sent", balance.corrupted());
        count(broken, "P1: received, and never sent", balance.unknown());
        count(broken, "P1: announced as lost, which is not true", balance.falseGaps());
        balance.senderFaults()
                .forEach((fault, count) -> count(broken, "broken requests, " + fault, count));
        if (balance.botFull() || balance.unchecked() > 0) {
            broken.add("the ledger or the bot was too small for the run: it proves nothing");
        }
        boolean mayDrop =
                !evidence.pauses()
                        && (evidence.limited()
                                || Deeds.byKind(evidence.deeds()).containsKey(Kind.DISK_FULL));
        if (!mayDrop) {
            count(
                    broken,
                    "P1: events were dropped by a limit that nothing had reached; gaps",
                    evidence.gaps().getOrDefault(QUEUE_FULL, 0L));
        }
        long most = mostRedeliveries(evidence);
        if (balance.redelivered() > most) {
            broken.add(
                    "P3: redelivered "
                            + balance.redelivered()
                            + " (expected: at most "
                            + most
                            + ", what was under way when the bot or gw was hit)");
        }
    }

    /**
     * What may come twice: deliveries that the bot had settled, of which gw didn't hear any more or
     * which it had not yet written down. The bot's end loses what is under way; a supervisor's end
     * that and, as its cursor is kept with a lag, a second's worth of events.
     */
    static long mostRedeliveries(Evidence evidence) {
        long most = 0;
        for (Map.Entry<Kind, Long> entry : Deeds.byKind(evidence.deeds()).entrySet()) {
            most +=
                    entry.getValue()
                            * switch (entry.getKey()) {
                                case BOT_DOWN, BOT_TROUBLE, SUPERVISOR_STOP -> evidence.underWay();
                                case SUPERVISOR_KILL, KILL_ALL, SUPERVISOR_TERM, UPGRADE ->
                                        evidence.underWay() + evidence.rate();
                                case WORKER_KILL, WORKER_STOP, SHARD_FAULTS, OUTAGES, DISK_FULL ->
                                        0;
                            };
        }
        return most;
    }

    /**
     * Each IDENTIFY makes a session, and each session is the one that its shard has now, was ended
     * by the sim, or was left for another: the sum is a check of the sim, the excuses are the check
     * of gw.
     */
    private static void identifies(Evidence evidence, List<String> broken) {
        long forced =
                evidence.shards() + evidence.sim().sessionsEnded() + evidence.excused().size();
        if (evidence.sim().identifies() == forced) {
            return;
        }
        broken.add(
                "P4: identifies "
                        + evidence.sim().identifies()
                        + " (expected: "
                        + forced
                        + " = "
                        + evidence.shards()
                        + " shards + "
                        + evidence.sim().sessionsEnded()
                        + " sessions that the sim ended + "
                        + evidence.excused().size()
                        + " whose READY was lost on its way)");
        evidence.abandoned().stream()
                .filter(session -> !evidence.excused().contains(session))
                .limit(NAMED)
                .forEach(session ->
                        broken.add(
                                "P4: left for a new session, and it was known and alive: "
                                        + session));
    }

    private static void violations(Evidence evidence, List<String> broken) {
        Map<String, Long> counts = new TreeMap<>(evidence.sim().violations());
        counts.merge(HEARTBEAT_MISSED, -evidence.missedHeartbeats(), Long::sum);
        counts.forEach((kind, count) -> count(broken, "P5: " + kind, count));
    }

    private static void count(List<String> broken, String what, long count) {
        if (count > 0) {
            broken.add(what + ": " + count);
        }
    }
}
