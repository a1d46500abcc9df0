package gw.supervisor.cli;

import gw.proto.v1.CapacityStatus;
import gw.proto.v1.DeliveryStatus;
import gw.proto.v1.DroppedEvents;
import gw.proto.v1.GatewaySession;
import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.InteractionStatus;
import gw.proto.v1.Phase;
import gw.proto.v1.PlanStatus;
import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.proto.v1.SupervisorStatus;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;

import java.util.List;
import java.util.function.IntFunction;

/** Fixed states of a supervisor that started at {@link #START}. */
final class Statuses {
    /** 2026-11-25 14:00:00 UTC. */
    static final long START = 1_795_615_200_000L;

    private Statuses() {}

    /**
     * Two workers of two shards: one shard of the first waits to identify; the second one was
     * killed a moment ago, its shards are not back and its figures are those of no process.
     */
    static Status example() {
        return Status.newBuilder()
                .addProblems("events wait for the bot: connection refused")
                .setSupervisor(
                        SupervisorStatus.newBuilder()
                                .setPid(4242)
                                .setVersion("0.1.0")
                                .setStartedAtMs(START)
                                .setNowMs(START + 130_000)
                                .setStateDir("/var/lib/gw")
                                .setHeapUsedBytes(25_165_824)
                                .setRssBytes(104_857_600)
                                .setCpuNanos(5_400_000_000L)
                                .setPhase(Phase.PHASE_RUNNING))
                .setPlan(
                        PlanStatus.newBuilder()
                                .setShardCount(885)
                                .setFirstShard(100)
                                .setLastShard(103)
                                .setShardsPerCluster(2)
                                .setClusters(2)
                                .setGatewayUrl("wss://gateway.discord.gg")
                                .setCompression("zstd-stream")
                                .setIntents(515)
                                .addIntentNames("GUILDS")
                                .addIntentNames("GUILD_MEMBERS")
                                .addIntentNames("GUILD_MESSAGES")
                                .setApiUrl("https://discord.com/api")
                                .setUserName("quizbot")
                                .setUserId(80351110224678912L))
                .addWorkers(worker(0, 4250, 1))
                .addWorkers(
                        worker(1, 0, 0).toBuilder()
                                .setState(WorkerState.WORKER_STATE_WAITING)
                                .setRestarts(1)
                                .setLastExit("killed by signal 9 (kill)")
                                .setLastExitMs(START + 129_000)
                                .setNextLaunchMs(START + 131_000)
                                .clearHeapUsedBytes()
                                .clearRssBytes()
                                .clearCpuNanos()
                                .clearDispatches()
                                .clearEventsPerSecond())
                .addShards(ready(100, 0))
                .addShards(
                        ShardStatus.newBuilder()
                                .setShardId(101)
                                .setWorker(0)
                                .setState(ShardState.SHARD_STATE_QUEUED)
                                .setReason("op 9: invalid session")
                                .setSinceMs(START + 100_000)
                                .setQueuePosition(1))
                .addShards(
                        ready(102, 1).toBuilder()
                                .setState(ShardState.SHARD_STATE_BACKOFF)
                                .setReason("worker died")
                                .setSinceMs(START + 129_000))
                .addShards(
                        ShardStatus.newBuilder()
                                .setShardId(103)
                                .setWorker(1)
                                .setState(ShardState.SHARD_STATE_BACKOFF)
                                .setReason("worker died")
                                .setSinceMs(START + 129_000))
                .setIdentify(
                        IdentifyStatus.newBuilder()
                                .setTotal(1000)
                                .setRemaining(987)
                                .setResetsAtMs(START + 130_000 + 10_920_000)
                                .setMaxConcurrency(1)
                                .setQueued(1)
                                .setSpent(4)
                                .setReserve(10)
                                .setDoneAtMs(START + 135_000)
                                .setIntervalMs(5_000))
                .setDelivery(
                        DeliveryStatus.newBuilder()
                                .setUrl("http://127.0.0.1:8080/events")
                                .setInFlight(1)
                                .setQueuedEvents(1234)
                                .setQueuedBytes(1_310_720)
                                .setMaxQueueEvents(1_000_000_000)
                                .setMaxQueueBytes(4L << 30)
                                .setQueueDiskBytes(17_825_792)
                                .setQueueSegments(2)
                                .setDropped(3)
                                .setGaps(1)
                                .addDrops(
                                        DroppedEvents.newBuilder()
                                                .setReason("ttl")
                                                .setType("TYPING_START")
                                                .setEvents(3))
                                .setDelivered(12_345)
                                .setRetries(17)
                                .addAllLatencyCounts(List.of(0L, 0L, 0L, 0L, 5_000L, 7_000L, 345L))
                                .setDeadLettered(1)
                                .setDeadLetterFile("/var/lib/gw/dead-letters.jsonl")
                                .setSessionsLost(1)
                                .setLastError("connection refused")
                                .setLastErrorMs(START + 129_500)
                                .setOldestAgeMs(6_200)
                                .setHealthy(false))
                .setInteractions(
                        InteractionStatus.newBuilder()
                                .setMode("ephemeral")
                                .setDeferAfterMs(2_000)
                                .setDeferredCommands(21)
                                .setDeferredComponents(4)
                                .setDeferredAutocompletes(3)
                                .setAcknowledgedByBot(2)
                                .setTooLate(1)
                                .setWaiting(5)
                                .setInFlight(1)
                                .setLastError("Discord answered 502")
                                .setLastErrorMs(START + 129_000))
                .setReshard(
                        ReshardStatus.newBuilder()
                                .setAutomatic(true)
                                .setPercentage(80)
                                .setCheckIntervalMs(3_600_000)
                                .setNextCheckMs(START + 3_600_000)
                                .setDecision(
                                        "nothing to do: the fullest shard has 1203 guilds, 48.1 %"
                                                + " of 2500")
                                .setGeneration(1)
                                .setPhase(ReshardPhase.RESHARD_PHASE_NONE)
                                .setLastOutcome("done")
                                .setLastEndedMs(START + 130_000 - 3 * 86_400_000L)
                                .setLastFromShardCount(640)
                                .setLastToShardCount(885)
                                .setMerged(48_211)
                                .setAdded(37))
                .setCapacity(
                        CapacityStatus.newBuilder()
                                .setGuilds(4_804)
                                .setFullestShard(102)
                                .setFullestGuilds(1_203)
                                .setFullestPercent(48.12)
                                .setGrowthPerDay(14)
                                .setFullAtMs(START + 57 * 86_400_000L))
                .build();
    }

    /** A worker with two shards, attached. */
    static WorkerStatus worker(int worker, long pid, int ready) {
        return WorkerStatus.newBuilder()
                .setWorker(worker)
                .setPid(pid)
                .setState(WorkerState.WORKER_STATE_ATTACHED)
                .setFirstShard(100 + 2 * worker)
                .setLastShard(101 + 2 * worker)
                .setShardsReady(ready)
                .setGeneration(1)
                .setShardCount(885)
                .setStartedAtMs(START + 1_000)
                .setHeapUsedBytes(20_971_520)
                .setRssBytes(83_886_080)
                .setCpuNanos(2_100_000_000L)
                .setDispatches(12_000)
                .setEventsPerSecond(120.4)
                .setLogFile("/var/lib/gw/workers/worker-" + worker + ".log")
                .build();
    }

    /** A shard that has been ready for a while. */
    static ShardStatus ready(int shard, int worker) {
        return ShardStatus.newBuilder()
                .setShardId(shard)
                .setWorker(worker)
                .setState(ShardState.SHARD_STATE_READY)
                .setReason("READY")
                .setSinceMs(START + 10_000)
                .setSession(
                        GatewaySession.newBuilder()
                                .setSessionId("0f1e2d3c4b5a69788796a5b4c3d2e1f0")
                                .setResumeUrl("wss://gateway-us-east1-b.discord.gg")
                                .setSequence(4_211))
                .setFacts(
                        ShardFacts.newBuilder()
                                .setShardId(shard)
                                .setHeartbeatLastSentMs(START + 100_000)
                                .setHeartbeatLastAckedMs(START + 100_041)
                                .setHeartbeatAcknowledged(true)
                                .setHeartbeatIntervalMs(41_250)
                                .setLatencyMicros(41_200)
                                .setSequence(4_213)
                                .setDurableSequence(4_212)
                                .setLastDispatchMs(START + 129_700)
                                .setDispatches(4_213)
                                .setReconnects(1)
                                .setResumes(1)
                                .setIdentifies(1))
                .setGuilds(1_203)
                .setGuildsUnavailable(2)
                .build();
    }

    /** That many shards from 0 on, each in its state, in workers of 25. */
    static Status.Builder many(int shards, IntFunction<ShardState> states) {
        Status.Builder status = example().toBuilder().clearShards().clearWorkers();
        status.getDeliveryBuilder().clearDropped().clearDrops().clearGaps();
        for (int id = 0; id < shards; id++) {
            status.addShards(ready(id, id / 25).toBuilder().setState(states.apply(id)));
        }
        for (int worker = 0; worker * 25 < shards; worker++) {
            status.addWorkers(
                    worker(worker, 5_000 + worker, 25).toBuilder()
                            .setFirstShard(worker * 25)
                            .setLastShard(worker * 25 + 24));
        }
        return status;
    }
}
