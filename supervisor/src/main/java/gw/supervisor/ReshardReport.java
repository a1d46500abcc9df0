package gw.supervisor;

import gw.proto.v1.CapacityStatus;
import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardStatus;
import gw.supervisor.config.SupervisorConfig;

/** Puts a reshard, and how full the shards are, into the words of the control API. */
final class ReshardReport {
    private final SupervisorConfig config;
    private final ShardControl shards;
    private final Resharding resharding;
    private final ReshardDesk desk;

    ReshardReport(
            SupervisorConfig config, ShardControl shards, Resharding resharding, ReshardDesk desk) {
        this.config = config;
        this.shards = shards;
        this.resharding = resharding;
        this.desk = desk;
    }

    ReshardStatus reshard() {
        ReshardStatus.Builder status =
                ReshardStatus.newBuilder()
                        .setAutomatic(config.reshard().automatic())
                        .setPercentage(config.reshard().percentage())
                        .setCheckIntervalMs(config.reshard().check().toMillis())
                        .setNextCheckMs(
                                config.reshard().automatic() ? desk.nextCheck().toEpochMilli() : 0)
                        .setDecision(desk.decision())
                        .setGeneration(shards.generations().serving().spec().number())
                        .setPhase(resharding.phase())
                        .setWaitsFor(resharding.waitsFor())
                        .setMerged(resharding.figures().merged())
                        .setAdded(resharding.figures().added())
                        .setDuplicatesPossible(resharding.figures().duplicatesPossible());
        desk.plan().ifPresent(status::setPlan);
        resharding
                .coming()
                .ifPresent(coming ->
                        status.setOrdered(coming.ordered())
                                .setStartedAtMs(coming.startedAtMillis()));
        resharding.waiting().ifPresent(order -> status.setOrdered(order.ordered()));
        resharding.doneAt().ifPresent(at -> status.setDoneAtMs(at.toEpochMilli()));
        if (resharding.phase() == ReshardPhase.RESHARD_PHASE_WAITING) {
            shards.tokens()
                    .snapshot()
                    .resetsAt()
                    .ifPresent(at -> status.setWaitingUntilMs(at.toEpochMilli()));
        }
        Generation next = shards.generations().coming();
        if (resharding.phase() == ReshardPhase.RESHARD_PHASE_SETTLING) {
            next = shards.generations().serving();
        }
        if (next != null) {
            status.setShardsReady(next.table().readyCount()).setShardsTotal(next.table().size());
        }
        resharding
                .last()
                .ifPresent(last ->
                        status.setLastOutcome(last.words())
                                .setLastEndedMs(last.atMillis())
                                .setLastFromShardCount(last.fromCount())
                                .setLastToShardCount(last.toCount()));
        return status.build();
    }

    static CapacityStatus capacity(GuildCounts.Figures figures) {
        CapacityStatus.Builder status =
                CapacityStatus.newBuilder()
                        .setGuilds(figures.counts().total())
                        .setFullestShard(figures.counts().fullestShard().orElse(0))
                        .setFullestGuilds(figures.counts().fullestGuilds())
                        .setFullestPercent(figures.counts().fullestPercent());
        figures.perDay().ifPresent(status::setGrowthPerDay);
        figures.fullAtMillis().ifPresent(status::setFullAtMs);
        return status.build();
    }
}
