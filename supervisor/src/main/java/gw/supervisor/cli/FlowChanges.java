package gw.supervisor.cli;

import gw.proto.v1.DeliveryStatus;
import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.Status;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Tells from one status to the next what changed between Discord and the bot: deliveries that fail
 * or work again, events that got lost (P1), a spent session start limit, problems.
 */
final class FlowChanges {
    private static final long TALLY_EVERY_MILLIS = 10_000;

    private final ZoneId zone;
    private final Tally dropped =
            new Tally(many ->
                    Words.count(many, "event", "events")
                            + " dropped by a limit (gw status says which)");
    private final Tally gaps =
            new Tally(many -> Words.count(many, "gap", "gaps") + " announced to the bot");
    private final Tally sessionsLost =
            new Tally(many ->
                    "Discord ended "
                            + Words.count(many, "session", "sessions")
                            + ": a gap in the events of each, the shards identify anew");
    private final Tally deadLettered =
            new Tally(
                    many -> Words.count(many, "event", "events") + " refused by the bot for good");
    private Map<String, String> problems = Map.of();
    private long unhealthySinceMillis;
    private long waitingUntilMillis;

    FlowChanges(ZoneId zone) {
        this.zone = zone;
    }

    void next(Status status, List<Line> lines) {
        long now = status.getSupervisor().getNowMs();
        DeliveryStatus delivery = status.getDelivery();
        boolean told = problems(status, lines, delivery.getLastError());
        health(delivery, now, told, lines);
        dropped.next(delivery.getDropped(), now, "", lines);
        gaps.next(delivery.getGaps(), now, "", lines);
        sessionsLost.next(delivery.getSessionsLost(), now, "", lines);
        deadLettered.next(
                delivery.getDeadLettered(),
                now,
                ", kept in " + delivery.getDeadLetterFile(),
                lines);
        identify(status.getIdentify(), now, lines);
    }

    /** Gives whether a new problem holds these words. */
    private boolean problems(Status status, List<Line> lines, String words) {
        Map<String, String> current = new LinkedHashMap<>();
        boolean told = false;
        for (String problem : status.getProblemsList()) {
            // A problem whose figures change is still the same problem.
            String kind = problem.replaceAll("[0-9]+", "#");
            if (current.putIfAbsent(kind, problem) == null && !problems.containsKey(kind)) {
                lines.add(Line.of(Tone.BAD, "problem: " + problem));
                told |= !words.isEmpty() && problem.contains(words);
            }
        }
        problems.forEach((kind, problem) -> {
            if (!current.containsKey(kind)) {
                lines.add(Line.of(Tone.GOOD, "solved: " + problem));
            }
        });
        problems = current;
        return told;
    }

    private void health(DeliveryStatus delivery, long now, boolean told, List<Line> lines) {
        String waiting = Words.count(delivery.getQueuedEvents(), "event waits", "events wait");
        if (!delivery.getHealthy() && unhealthySinceMillis == 0) {
            unhealthySinceMillis = now;
            if (!told) {
                String error = delivery.getLastError();
                lines.add(
                        Line.of(
                                Tone.BAD,
                                "events don't get through to the bot"
                                        + (error.isEmpty() ? "" : ": " + error)
                                        + "; "
                                        + waiting));
            }
        } else if (delivery.getHealthy() && unhealthySinceMillis != 0) {
            lines.add(
                    Line.of(
                            Tone.GOOD,
                            "events get through to the bot again after "
                                    + Words.duration(now - unhealthySinceMillis)
                                    + "; "
                                    + waiting));
            unhealthySinceMillis = 0;
        }
    }

    private void identify(IdentifyStatus identify, long now, List<Line> lines) {
        long until = identify.getWaitingUntilMs() > now ? identify.getWaitingUntilMs() : 0;
        if (until != 0 && waitingUntilMillis == 0) {
            lines.add(
                    Line.of(
                            Tone.BAD,
                            "the session start limit is spent ("
                                    + IdentifySection.left(identify)
                                    + "): identifying waits until "
                                    + Words.time(until, now, zone)
                                    + ", for "
                                    + Words.duration(until - now)));
        } else if (until == 0 && waitingUntilMillis != 0) {
            lines.add(Line.of(Tone.GOOD, "identifying goes on: " + IdentifySection.left(identify)));
        }
        waitingUntilMillis = until;
    }

    /** A counter that is told now and then, while it grows. */
    private static final class Tally {
        private final LongFunction<String> words;
        private long told;
        private long nextMillis;

        Tally(LongFunction<String> words) {
            this.words = words;
        }

        void next(long value, long now, String rest, List<Line> lines) {
            if (value > told && now >= nextMillis) {
                lines.add(Line.of(Tone.BAD, words.apply(value - told)).add(rest));
                told = value;
                nextMillis = now + TALLY_EVERY_MILLIS;
            }
        }
    }
}
