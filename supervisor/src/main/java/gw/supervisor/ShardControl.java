package gw.supervisor;

import gw.model.SessionStartLimit;
import gw.proto.v1.Attach;
import gw.proto.v1.IdentifyReleased;
import gw.proto.v1.IdentifySent;
import gw.proto.v1.RestartShard;
import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardUpdate;
import gw.proto.v1.Shutdown;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;
import gw.supervisor.authority.AuthorityService;
import gw.supervisor.control.ControlRefusal;
import gw.supervisor.fleet.Fleet;
import gw.supervisor.fleet.FleetListener;
import gw.supervisor.fleet.FleetSettings;
import gw.supervisor.identify.Identifies;
import gw.supervisor.identify.IdentifyBudget;
import gw.supervisor.identify.IdentifyLimiter;
import gw.supervisor.identify.IdentifySettings;
import gw.supervisor.identify.IdentifyTimer;
import gw.supervisor.link.LinkListener;
import gw.supervisor.link.WorkerLink;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.ShardPlan;
import gw.supervisor.shards.DurableSequences;
import gw.supervisor.shards.FatalClose;
import gw.supervisor.shards.Restoration;
import gw.supervisor.shards.ShardTable;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Everything that is decided about shards and workers and isn't per event: who gets which shards,
 * who may identify, what is done when a worker goes. Owned by the control thread.
 */
final class ShardControl implements LinkListener, FleetListener {
    private static final long LISTEN_MILLIS = 250;
    private static final long LAST_WORDS_MILLIS = 500;

    /** So often a worker may send damaged records before it is replaced. */
    private static final int DAMAGES = 3;

    private final ShardPlan plan;
    private final WorkerConfigs configs;
    private final ScheduledExecutorService control;
    private final ShardTable table;
    private final Fleet fleet;
    private final IdentifyDesk identifies;
    private final Map<Integer, WorkerLink> links = new HashMap<>();
    private final Map<Integer, CompletableFuture<Void>> closing = new HashMap<>();
    private final Map<Integer, Integer> damages = new HashMap<>();
    private final CompletableFuture<FatalClose> hopeless = new CompletableFuture<>();
    private boolean everyShardWasReady;
    private boolean stopping;
    private boolean handingOver;

    /**
     * Nothing starts yet.
     *
     * @param restoration sessions that were known before
     * @param control the control thread
     * @param authority gives tokens to other supervisors, too
     * @param freshLimit asks Discord for the session start limit; answered to {@link #limiter}
     */
    ShardControl(
            ShardPlan plan,
            WorkerConfigs configs,
            FleetSettings fleetSettings,
            IdentifySettings identifySettings,
            SessionStartLimit startLimit,
            IdentifyBudget budget,
            AuthorityService authority,
            DurableSequences durable,
            Restoration restoration,
            Runnable freshLimit,
            ScheduledExecutorService control,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.plan = plan;
        this.configs = configs;
        this.control = control;
        this.table = new ShardTable(plan, durable, clock);
        this.table.restore(restoration);
        this.fleet = new Fleet(plan, fleetSettings, this, control, clock, nanos, random);
        this.identifies =
                new IdentifyDesk(
                        listener ->
                                authority.serve(
                                        listener,
                                        all ->
                                                new IdentifyLimiter(
                                                        identifySettings,
                                                        startLimit,
                                                        budget,
                                                        all,
                                                        IdentifyTimer.on(control),
                                                        clock,
                                                        nanos)),
                        table,
                        this::linkOf,
                        freshLimit,
                        control,
                        clock);
    }

    /**
     * Takes over the workers of a supervisor before that fit. Before the link listens: one that
     * comes earlier would be turned away.
     *
     * @return what there is to say about it
     */
    List<String> takeOver() {
        return fleet.takeOver();
    }

    void start() {
        fleet.start();
        var _ =
                control.scheduleWithFixedDelay(
                        () ->
                                links.forEach((cluster, link) ->
                                        fleet.heard(cluster, link.lastHeardNanos())),
                        LISTEN_MILLIS,
                        LISTEN_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    ShardTable table() {
        return table;
    }

    Fleet fleet() {
        return fleet;
    }

    Identifies limiter() {
        return identifies.limiter();
    }

    /** Whether each shard has been ready at least once, all of them at the same time. */
    boolean everyShardWasReady() {
        return everyShardWasReady;
    }

    /** Done when Discord has refused for good and no shard is left that could go on. */
    CompletableFuture<FatalClose> hopeless() {
        return hopeless;
    }

    // ---- the links -------------------------------------------------------------------------

    @Override
    public void attached(WorkerLink link, Attach attach) {
        int cluster = attach.getCluster();
        if (stopping || !fleet.attached(cluster, attach.getIncarnation())) {
            link.refuse(
                    stopping
                            ? "the supervisor is stopping"
                            : "this supervisor did not launch this worker, or has no use for it");
            return;
        }
        links.put(cluster, link);
        link.configure(configs.with(table.assignmentsFor(plan.clusters().get(cluster))));
    }

    @Override
    public void batch(WorkerLink link, long number, byte[] array, int from, int to) {
        throw new IllegalStateException("records are the data event loop's");
    }

    @Override
    public void message(WorkerLink link, ToSupervisor message) {
        if (!link.equals(links.get(link.cluster()))) {
            return;
        }
        switch (message.getMessageCase()) {
            case SHARD -> {
                ShardUpdate update = message.getShard();
                if (holds(link, update.getShardId()) && table.update(update)) {
                    identifies.answered(update);
                    changed();
                }
            }
            case IDENTIFY_WANTED -> wanted(link, message.getIdentifyWanted().getShardId());
            case IDENTIFY_READY -> {
                int shardId = message.getIdentifyReady().getShardId();
                if (holds(link, shardId)) {
                    identifies.limiter().ready(shardId);
                }
            }
            case IDENTIFY_SENT -> {
                IdentifySent sent = message.getIdentifySent();
                if (holds(link, sent.getShardId())) {
                    identifies.limiter().sent(sent.getShardId(), sent.getGrantId());
                }
            }
            case IDENTIFY_RELEASED -> {
                IdentifyReleased released = message.getIdentifyReleased();
                if (holds(link, released.getShardId())) {
                    identifies.limiter().released(released.getShardId(), released.getGrantId());
                }
            }
            case BEAT -> {
                fleet.beat(link.cluster(), message.getBeat());
                for (ShardFacts facts : message.getBeat().getShardsList()) {
                    if (holds(link, facts.getShardId())) {
                        var _ = table.facts(facts);
                    }
                }
            }
            case DETACHED, ATTACH, BATCH, MESSAGE_NOT_SET -> {
                // The end of the process says the first; the link has handled the others.
            }
        }
    }

    @Override
    public void closed(WorkerLink link, String reason) {
        // The process may live and dial again; if it doesn't, the fleet replaces it.
        if (links.remove(link.cluster(), link)) {
            fleet.linkClosed(link.cluster());
            CompletableFuture<Void> waiting = closing.remove(link.cluster());
            if (waiting != null) {
                waiting.complete(null);
            }
        }
    }

    /** What came was damaged, and the link was reset; the same may come again, but not for ever. */
    void damaged(WorkerLink link, String problem) {
        closed(link, problem);
        if (damages.merge(link.cluster(), 1, Integer::sum) >= DAMAGES) {
            damages.remove(link.cluster());
            fleet.replace(link.cluster(), "sent damaged records (" + problem + ")");
        }
    }

    private boolean holds(WorkerLink link, int shardId) {
        return table.contains(shardId) && plan.clusterOf(shardId).index() == link.cluster();
    }

    private void wanted(WorkerLink link, int shardId) {
        if (holds(link, shardId)) {
            identifies.wanted(shardId);
        }
    }

    private void changed() {
        if (table.readyCount() == table.size()) {
            everyShardWasReady = true;
        }
        table.fatal()
                .filter(fatal -> table.allRefused() || (fatal.concernsAll() && !table.anySession()))
                .ifPresent(fatal -> {
                    var _ = hopeless.complete(fatal);
                });
    }

    // ---- the workers -----------------------------------------------------------------------

    /** A READY in its last bytes is a session that need not be bought again (P4). */
    @Override
    public CompletableFuture<Void> ended(int cluster) {
        if (!links.containsKey(cluster)) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> heard = new CompletableFuture<>();
        closing.put(cluster, heard);
        return heard.completeOnTimeout(null, LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void lost(int cluster, String reason) {
        links.remove(cluster);
        closing.remove(cluster);
        damages.remove(cluster);
        table.workerLost(cluster);
        identifies.limiter().workerLost(plan.clusters().get(cluster).shards()::contains);
    }

    private @Nullable WorkerLink linkOf(int shardId) {
        return links.get(plan.clusterOf(shardId).index());
    }

    // ---- orders ----------------------------------------------------------------------------

    void restartShard(int shardId, boolean fresh) {
        refuseWhileStopping();
        if (!table.contains(shardId)) {
            throw new ControlRefusal(
                    ControlRefusal.Kind.NOT_FOUND,
                    "shard " + shardId + " is not one of this supervisor's: " + plan.shards());
        }
        WorkerLink link = linkOf(shardId);
        if (link == null) {
            throw new ControlRefusal(
                    ControlRefusal.Kind.NOT_NOW,
                    "the worker of shard "
                            + shardId
                            + " is not attached: the shard starts when it is");
        }
        // Whoever orders it has changed something, or wants to see it fail again.
        if (table.forgive(shardId)) {
            identifies.wanted(shardId);
        }
        link.send(
                ToWorker.newBuilder()
                        .setRestartShard(
                                RestartShard.newBuilder().setShardId(shardId).setFresh(fresh))
                        .build());
    }

    long restartWorker(int worker) {
        refuseWhileStopping();
        if (!fleet.contains(worker)) {
            throw new ControlRefusal(
                    ControlRefusal.Kind.NOT_FOUND,
                    "there is no worker " + worker + ": they are 0.." + (fleet.size() - 1));
        }
        return fleet.restart(worker);
    }

    /** From now on nothing is begun: the next supervisor takes over as it stands. */
    void handOver() {
        handingOver = true;
    }

    boolean handingOver() {
        return handingOver && !stopping;
    }

    /**
     * Tells all workers to leave.
     *
     * @param within when they are killed
     * @param keepSessions whether they stay resumable; else Discord ends them, and each worker
     *     names them as lost before it goes
     * @return done when no worker is left
     */
    CompletableFuture<Void> stop(Duration within, boolean keepSessions) {
        stopping = true;
        ToWorker shutdown =
                ToWorker.newBuilder()
                        .setShutdown(
                                Shutdown.newBuilder()
                                        .setWithinMs((int) within.toMillis())
                                        .setEndSessions(!keepSessions))
                        .build();
        links.values().forEach(link -> link.send(shutdown));
        return fleet.stopAll(within.plusMillis(500));
    }

    boolean stopping() {
        return stopping;
    }

    int readyIn(int cluster) {
        Cluster of = plan.clusters().get(cluster);
        return table.readyCount(of);
    }

    private void refuseWhileStopping() {
        if (stopping || handingOver) {
            throw new ControlRefusal(
                    ControlRefusal.Kind.NOT_NOW,
                    "the supervisor is "
                            + (stopping ? "stopping already" : "being replaced: try again then"));
        }
    }
}
