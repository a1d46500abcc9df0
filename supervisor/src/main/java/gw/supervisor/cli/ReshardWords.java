package gw.supervisor.cli;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardPlan;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.Status;
import gw.supervisor.config.Intents;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** What a reshard is to do, what it is doing and how it ended, in words. */
final class ReshardWords {
    /** The {@code last_outcome} of one that was not given up. */
    private static final String DONE = "done";

    private ReshardWords() {}

    static boolean underWay(ReshardStatus reshard) {
        return switch (reshard.getPhase()) {
            case RESHARD_PHASE_WAITING,
                    RESHARD_PHASE_PREPARING,
                    RESHARD_PHASE_OVERLAPPING,
                    RESHARD_PHASE_SWITCHING,
                    RESHARD_PHASE_SETTLING ->
                    true;
            case RESHARD_PHASE_NONE, RESHARD_PHASE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }

    static boolean done(ReshardStatus ended) {
        return ended.getLastOutcome().equals(DONE);
    }

    /** For example "8 -> 12 shards". */
    static String counts(int from, int to) {
        return from == to
                ? Words.count(to, "shard", "shards") + " anew"
                : Words.count(from) + " -> " + Words.count(to, "shard", "shards");
    }

    /** What happens just now. */
    static String what(ReshardPhase phase) {
        return switch (phase) {
            case RESHARD_PHASE_WAITING -> "it waits for session starts";
            case RESHARD_PHASE_PREPARING -> "the new shards come up, the old ones serve";
            case RESHARD_PHASE_OVERLAPPING -> "old and new shards run side by side";
            case RESHARD_PHASE_SWITCHING -> "the old shards end";
            case RESHARD_PHASE_SETTLING -> "the new shards serve, what comes late is matched";
            case RESHARD_PHASE_NONE -> "none is under way";
            case RESHARD_PHASE_UNSPECIFIED, UNRECOGNIZED -> "nothing is known of it";
        };
    }

    /** What is to be, one fact a line. */
    static List<String> plan(ReshardPlan plan) {
        List<String> lines = new ArrayList<>();
        int here = plan.getLastShard() - plan.getFirstShard() + 1;
        lines.add(
                counts(plan.getFromShardCount(), plan.getToShardCount())
                        + (here == plan.getToShardCount()
                                ? ""
                                : ", of them "
                                        + Words.range(plan.getFirstShard(), plan.getLastShard())
                                        + " here")
                        + ", in "
                        + Words.count(plan.getWorkers(), "new worker", "new workers")
                        + " beside those that serve");
        lines.add(
                "session starts: "
                        + Words.count(plan.getIdentifies())
                        + " needed, "
                        + Words.count(plan.getIdentifiesLeft())
                        + " left, "
                        + Words.count(plan.getReserve())
                        + " of them in reserve");
        lines.add(
                "it takes at least "
                        + Words.duration(plan.getIdentifyMs() + plan.getOverlapMs())
                        + ": "
                        + Words.duration(plan.getIdentifyMs())
                        + " to identify, "
                        + Words.duration(plan.getOverlapMs())
                        + " side by side");
        if (plan.getMemoryNeededBytes() != 0) {
            lines.add(
                    "memory: about "
                            + Words.bytes(plan.getMemoryNeededBytes())
                            + " for the new workers until the old ones are gone"
                            + (plan.getMemoryFreeBytes() == 0
                                    ? ""
                                    : ", " + Words.bytes(plan.getMemoryFreeBytes()) + " free"));
        }
        if (plan.getFromIntents() != plan.getToIntents()) {
            lines.add(
                    "intents: "
                            + intents(plan.getFromIntents())
                            + " -> "
                            + intents(plan.getToIntents()));
        }
        return lines;
    }

    private static String intents(long bits) {
        List<String> names = Intents.names(bits);
        return names.isEmpty() ? Long.toString(bits) : String.join(", ", names);
    }

    /** When it begins, and why then. */
    static String begins(ReshardResponse answer, long nowMillis, ZoneId zone) {
        String reason = answer.getReason().isEmpty() ? "" : ": " + answer.getReason();
        long until = answer.getWaitsUntilMs();
        if (never(answer)) {
            return "it can never begin" + reason;
        }
        return until <= nowMillis
                ? (answer.getAccepted() ? "it begins now" : "it would begin at once") + reason
                : (answer.getAccepted() ? "it waits" : "it would wait")
                        + " until "
                        + Words.time(until, nowMillis, zone)
                        + " (for "
                        + Words.duration(until - nowMillis)
                        + ")"
                        + reason;
    }

    static boolean never(ReshardResponse answer) {
        return answer.getWaitsUntilMs() < 0;
    }

    /** For example "overlapping · 8 -> 12 shards · 12 of 12 shards ready · about 8 s to go". */
    static String progress(Status status, ZoneId zone) {
        ReshardStatus reshard = status.getReshard();
        return Section.joined(
                StateWords.name(reshard.getPhase()),
                reshard.hasPlan()
                        ? counts(
                                reshard.getPlan().getFromShardCount(),
                                reshard.getPlan().getToShardCount())
                        : "",
                reshard.getShardsTotal() == 0
                        ? ""
                        : Words.count(reshard.getShardsReady())
                                + " of "
                                + Words.count(reshard.getShardsTotal(), "shard", "shards")
                                + " ready",
                toGo(reshard, status.getSupervisor().getNowMs(), zone));
    }

    private static String toGo(ReshardStatus reshard, long now, ZoneId zone) {
        if (reshard.getPhase() == ReshardPhase.RESHARD_PHASE_WAITING
                && reshard.getWaitingUntilMs() > now) {
            return "until "
                    + Words.time(reshard.getWaitingUntilMs(), now, zone)
                    + " (for "
                    + Words.duration(reshard.getWaitingUntilMs() - now)
                    + ")";
        }
        return reshard.getDoneAtMs() > now
                ? "about " + Words.duration(reshard.getDoneAtMs() - now) + " to go"
                : "";
    }

    /** What became of the events that both generations had, of one that is done. */
    static String figures(ReshardStatus ended) {
        return Words.count(ended.getMerged(), "event", "events")
                + " of both generations went out once, "
                + Words.count(ended.getAdded())
                + " that only the new one had were added, "
                + Words.count(ended.getDuplicatesPossible(), "duplicate", "duplicates")
                + " possible";
    }
}
