package gw.supervisor.cli;

import gw.proto.v1.CapacityStatus;
import gw.proto.v1.ReshardPlan;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.ReshardStatus;

/** What concerns resharding, for programs; docs/status.md names the fields. */
final class ReshardJson {
    private ReshardJson() {}

    /** The field {@code reshard} of the status. */
    static void reshard(JsonFields out, ReshardStatus reshard) {
        out.name("reshard");
        out.beginObject();
        out.truth("automatic", reshard.getAutomatic());
        out.number("percentage", reshard.getPercentage());
        out.known("checkIntervalMs", reshard.getCheckIntervalMs());
        out.known("nextCheckMs", reshard.getNextCheckMs());
        out.text("decision", reshard.getDecision());
        out.number("generation", reshard.getGeneration());
        out.text("phase", StateWords.name(reshard.getPhase()));
        out.truth("ordered", reshard.getOrdered());
        plan(out, reshard.getPlan());
        out.known("startedAtMs", reshard.getStartedAtMs());
        out.known("doneAtMs", reshard.getDoneAtMs());
        out.known("waitingUntilMs", reshard.getWaitingUntilMs());
        out.number("shardsReady", reshard.getShardsReady());
        out.number("shardsTotal", reshard.getShardsTotal());
        out.text("waitsFor", reshard.getWaitsFor());
        out.text("lastOutcome", reshard.getLastOutcome());
        out.known("lastEndedMs", reshard.getLastEndedMs());
        out.known("lastFromShardCount", reshard.getLastFromShardCount());
        out.known("lastToShardCount", reshard.getLastToShardCount());
        figures(out, reshard);
        out.end();
    }

    /** How many events were told to be the same, added, or could not be told apart. */
    static void figures(JsonFields out, ReshardStatus reshard) {
        out.number("merged", reshard.getMerged());
        out.number("added", reshard.getAdded());
        out.number("duplicatesPossible", reshard.getDuplicatesPossible());
    }

    /** The field {@code plan}; all of it is null when there is none. */
    static void plan(JsonFields out, ReshardPlan plan) {
        boolean none = plan.getToShardCount() == 0;
        out.name("plan");
        out.beginObject();
        out.known("fromShardCount", plan.getFromShardCount());
        out.known("toShardCount", plan.getToShardCount());
        out.numberUnless(none, "firstShard", plan.getFirstShard());
        out.numberUnless(none, "lastShard", plan.getLastShard());
        out.known("workers", plan.getWorkers());
        out.known("identifies", plan.getIdentifies());
        out.numberUnless(none, "identifiesLeft", plan.getIdentifiesLeft());
        out.numberUnless(none, "reserve", plan.getReserve());
        out.numberUnless(none, "identifyMs", plan.getIdentifyMs());
        out.numberUnless(none, "overlapMs", plan.getOverlapMs());
        out.known("memoryNeededBytes", plan.getMemoryNeededBytes());
        out.known("memoryFreeBytes", plan.getMemoryFreeBytes());
        out.numberUnless(none, "fromIntents", plan.getFromIntents());
        out.numberUnless(none, "toIntents", plan.getToIntents());
        out.end();
    }

    /** What {@code gw reshard --dry-run} and {@code --detach} print. */
    static String answer(ReshardResponse answer) {
        return StatusJson.document(
                true,
                json -> {
                    JsonFields out = new JsonFields(json);
                    out.beginObject();
                    out.truth("accepted", answer.getAccepted());
                    out.truth("possible", !ReshardWords.never(answer));
                    out.known("waitsUntilMs", Math.max(0, answer.getWaitsUntilMs()));
                    out.text("reason", answer.getReason());
                    plan(out, answer.getPlan());
                    out.end();
                });
    }

    /** What {@code gw reshard} prints at the end. */
    static String end(ReshardFollow.End end, ReshardResponse answer) {
        ReshardStatus reshard = end.status().getReshard();
        return StatusJson.document(
                true,
                json -> {
                    JsonFields out = new JsonFields(json);
                    out.beginObject();
                    out.truth("done", end.done());
                    out.text("outcome", reshard.getLastOutcome());
                    out.number("generation", reshard.getGeneration());
                    out.number("startedAtMs", end.startedMillis());
                    out.known("endedMs", reshard.getLastEndedMs());
                    out.number("millis", end.millis());
                    figures(out, reshard);
                    plan(out, answer.getPlan());
                    out.end();
                });
    }

    /** The field {@code capacity} of the status. */
    static void capacity(JsonFields out, CapacityStatus capacity) {
        out.name("capacity");
        out.beginObject();
        out.number("guilds", capacity.getGuilds());
        out.number("fullestShard", capacity.getFullestShard());
        out.number("fullestGuilds", capacity.getFullestGuilds());
        out.rate("fullestPercent", capacity.getFullestPercent());
        out.numberUnless(!capacity.hasGrowthPerDay(), "growthPerDay", capacity.getGrowthPerDay());
        out.known("fullAtMs", capacity.getFullAtMs());
        out.end();
    }
}
