package gw.supervisor;

import gw.model.ProcessFigures;
import gw.proto.v1.DeliveryStatus;
import gw.proto.v1.DroppedEvents;
import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.InteractionStatus;
import gw.proto.v1.Phase;
import gw.proto.v1.PlanStatus;
import gw.proto.v1.Status;
import gw.proto.v1.SupervisorStatus;
import gw.proto.v1.WorkerStatus;
import gw.supervisor.config.Intents;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.delivery.DeliveryStats;
import gw.supervisor.identify.IdentifySnapshot;
import gw.supervisor.interactions.DeferStats;
import gw.supervisor.log.LogUsage;
import gw.supervisor.plan.GenerationSpec;
import gw.supervisor.plan.ShardPlan;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Puts the whole state into the words of the control API. Owned by the control thread. */
final class StatusReport {
    private final SupervisorConfig config;
    private final ShardControl control;
    private final ReshardReport reshard;
    private final String version;
    private final Path stateDir;
    private final Path deadLetters;
    private final String target;
    private final InstantSource clock;
    private final EventRate rate;
    private final long startedAtMillis;

    StatusReport(
            SupervisorConfig config,
            ShardControl control,
            ReshardReport reshard,
            String version,
            Path stateDir,
            Path deadLetters,
            String target,
            InstantSource clock,
            LongSupplier nanos) {
        this.config = config;
        this.control = control;
        this.version = version;
        this.stateDir = stateDir;
        this.deadLetters = deadLetters;
        this.reshard = reshard;
        this.target = target;
        this.clock = clock;
        this.startedAtMillis = clock.millis();
        this.rate = new EventRate(nanos);
    }

    /** When this supervisor began, milliseconds since the epoch: another one begins later. */
    long startedAtMillis() {
        return startedAtMillis;
    }

    /** The delivery's figures, taken every second or so: the rate is made of them. */
    void sample(DeliveryStats stats) {
        rate.sample(stats.delivered());
    }

    Status status(DeliveryStats delivery, DeferStats interactions, GuildCounts.Figures guilds) {
        Status.Builder status =
                Status.newBuilder()
                        .setSupervisor(supervisor())
                        .setPlan(plan())
                        .setIdentify(identify())
                        .setDelivery(delivery(delivery))
                        .setInteractions(interactions(interactions))
                        .setReshard(reshard.reshard())
                        .setCapacity(ReshardReport.capacity(guilds))
                        .addAllShards(
                                control.table()
                                        .statuses(shard ->
                                                control.tokens().position(serving().key(shard))))
                        .addAllProblems(problems(delivery));
        for (WorkerStatus worker : control.fleet().statuses()) {
            status.addWorkers(
                    worker.toBuilder()
                            .setShardsReady(control.readyIn(worker.getWorker()))
                            .setGeneration(control.generationOf(worker.getWorker())));
        }
        return status.build();
    }

    private Generation serving() {
        return control.generations().serving();
    }

    private SupervisorStatus supervisor() {
        ProcessFigures figures = ProcessFigures.now();
        return SupervisorStatus.newBuilder()
                .setPid(ProcessHandle.current().pid())
                .setVersion(version)
                .setStartedAtMs(startedAtMillis)
                .setNowMs(clock.millis())
                .setStateDir(stateDir.toString())
                .setHeapUsedBytes(figures.heapUsedBytes())
                .setRssBytes(figures.rssBytes())
                .setCpuNanos(figures.cpuNanos())
                .setPhase(phase())
                .build();
    }

    private Phase phase() {
        if (control.handingOver()) {
            return Phase.PHASE_UPGRADING;
        }
        if (control.stopping()) {
            return Phase.PHASE_STOPPING;
        }
        return control.everyShardWasReady() ? Phase.PHASE_RUNNING : Phase.PHASE_STARTING;
    }

    private PlanStatus plan() {
        ShardPlan plan = serving().plan();
        GenerationSpec spec = serving().spec();
        PlanStatus.Builder status =
                PlanStatus.newBuilder()
                        .setShardCount(plan.shards().count())
                        .setFirstShard(plan.shards().first())
                        .setLastShard(plan.shards().last())
                        .setShardsPerCluster(config.shardsPerCluster())
                        .setClusters(plan.clusters().size())
                        .setGatewayUrl(spec.gatewayUrl())
                        .setCompression(config.compression().wireName())
                        .setIntents(spec.intents())
                        .addAllIntentNames(Intents.names(spec.intents()))
                        .setApiUrl(config.apiUrl().toString());
        control.table()
                .user()
                .ifPresent(user -> status.setUserId(user.id()).setUserName(user.name()));
        return status.build();
    }

    private IdentifyStatus identify() {
        IdentifySnapshot snapshot = control.tokens().snapshot();
        IdentifyStatus.Builder status =
                IdentifyStatus.newBuilder()
                        .setTotal(snapshot.total())
                        .setRemaining(snapshot.remaining())
                        .setMaxConcurrency(snapshot.maxConcurrency())
                        .setQueued(snapshot.queued())
                        .setSpent((int) Math.min(Integer.MAX_VALUE, snapshot.spent()))
                        .setReserve(snapshot.reserve())
                        .setIntervalMs((int) snapshot.interval().toMillis());
        snapshot.resetsAt().ifPresent(at -> status.setResetsAtMs(at.toEpochMilli()));
        snapshot.waitingUntil().ifPresent(at -> status.setWaitingUntilMs(at.toEpochMilli()));
        snapshot.doneAt().ifPresent(at -> status.setDoneAtMs(at.toEpochMilli()));
        return status.build();
    }

    private DeliveryStatus delivery(DeliveryStats stats) {
        DeliveryStatus.Builder status = DeliveryStatus.newBuilder();
        for (LogUsage.Drop drop : stats.log().drops()) {
            status.addDrops(
                    DroppedEvents.newBuilder()
                            .setReason(drop.reason().word())
                            .setType(drop.type())
                            .setEvents(drop.events()));
        }
        return status.setUrl(target)
                .setInFlight(stats.inFlight())
                .setQueuedEvents(stats.log().events())
                .setQueuedBytes(stats.log().bytes())
                .setMaxQueueEvents(config.queue().maxEvents())
                .setMaxQueueBytes(config.queue().maxBytes())
                .setDelivered(stats.delivered())
                .setRetries(stats.retries())
                .setDeadLettered(stats.deadLettered())
                .setDeadLetterFile(deadLetters.toString())
                .setDropped(stats.log().dropped())
                .setGaps(stats.log().gaps())
                .setDuplicatesDropped(stats.log().duplicates())
                .setLastError(stats.lastError())
                .setLastErrorMs(stats.lastErrorMillis())
                .setOldestAgeMs(stats.oldestAgeMillis())
                .setHealthy(stats.healthy())
                .setEventsPerSecond(rate.perSecond())
                .setSessionsLost(control.table().sessionsLost())
                .setBadRecords(stats.log().bad())
                .setQueueDiskBytes(stats.log().diskBytes())
                .setQueueSegments(stats.log().segments())
                .setDamagedBytes(stats.log().damagedBytes())
                .addAllLatencyCounts(() -> stats.latency().counts().iterator())
                .build();
    }

    private InteractionStatus interactions(DeferStats stats) {
        return InteractionStatus.newBuilder()
                .setMode(config.deferInteractions().word())
                .setDeferAfterMs((int) config.deferAfter().toMillis())
                .setDeferredCommands(stats.messages())
                .setDeferredComponents(stats.updates())
                .setDeferredAutocompletes(stats.choices())
                .setAcknowledgedByBot(stats.acknowledged())
                .setTooLate(stats.tooLate())
                .setLimited(stats.limited())
                .setFailed(stats.failed())
                .setNotTaken(stats.notTaken())
                .setNotUnderstood(stats.notUnderstood())
                .setWaiting(stats.waiting())
                .setInFlight(stats.inFlight())
                .setLastError(stats.lastError())
                .setLastErrorMs(stats.lastErrorMillis())
                .build();
    }

    private List<String> problems(DeliveryStats delivery) {
        List<String> problems = new ArrayList<>(control.table().problems(clock.instant()));
        delivery.problem().ifPresent(problems::add);
        delivery.log().problem().ifPresent(problems::add);
        IdentifySnapshot identify = control.tokens().snapshot();
        identify.problem().ifPresent(problems::add);
        identify.waitingUntil()
                .ifPresent(until ->
                        problems.add(
                                "the session start limit is spent: nothing identifies"
                                        + " before "
                                        + until));
        for (WorkerStatus worker : control.fleet().statuses()) {
            // Only one that keeps dying young has to wait.
            if (worker.getNextLaunchMs() > clock.millis()) {
                problems.add(
                        "worker "
                                + worker.getWorker()
                                + " keeps dying ("
                                + worker.getLastExit()
                                + "): see "
                                + worker.getLogFile());
            }
        }
        return problems;
    }
}
