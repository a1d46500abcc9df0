package gw.supervisor;

import gw.proto.v1.Attach;
import gw.proto.v1.IdentifyReleased;
import gw.proto.v1.IdentifySent;
import gw.proto.v1.RestartShard;
import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardUpdate;
import gw.proto.v1.Shutdown;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;
import gw.supervisor.control.ControlRefusal;
import gw.supervisor.fleet.Fleet;
import gw.supervisor.fleet.FleetListener;
import gw.supervisor.fleet.FleetSettings;
import gw.supervisor.identify.Identifies;
import gw.supervisor.identify.IdentifyListener;
import gw.supervisor.link.LinkListener;
import gw.supervisor.link.WorkerLink;
import gw.supervisor.shards.FatalClose;
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
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Everything that is decided about shards and workers and isn't per event: who gets which shards,
 * who may identify, what is done when a worker goes. Owned by the control thread.
 */
final class ShardControl implements LinkListener, FleetListener {
    /** A worker that was told to end its sessions and has not gone by then is killed. */
    private static final Duration END_WITHIN = Duration.ofSeconds(4);

    private static final long LISTEN_MILLIS = 250;
    private static final long LAST_WORDS_MILLIS = 500;

    /** So often a worker may send damaged records before it is replaced. */
    private static final int DAMAGES = 3;

    private final GenerationSet generations;
    private final ScheduledExecutorService control;
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
     * @param serving the generation in charge
     * @param control the control thread
     * @param tokens where identify tokens come from
     * @param freshLimit asks Discord for the session start limit; answered to {@link #tokens}
     */
    ShardControl(
            Generation serving,
            FleetSettings fleetSettings,
            Function<IdentifyListener, Identifies> tokens,
            Runnable freshLimit,
            ScheduledExecutorService control,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.generations = new GenerationSet(serving);
        this.control = control;
        this.fleet = new Fleet(fleetSettings, this, control, clock, nanos, random);
        this.fleet.add(serving.plan(), serving.configs().digest());
        this.identifies =
                new IdentifyDesk(tokens, generations, links::get, freshLimit, control, clock);
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

    GenerationSet generations() {
        return generations;
    }

    /** Of the generation in charge. */
    ShardTable table() {
        return generations.serving().table();
    }

    Fleet fleet() {
        return fleet;
    }

    Identifies tokens() {
        return identifies.tokens();
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
        Generation of = generations.ofWorker(cluster);
        if (of == null) {
            link.refuse("the shards of this worker are no longer this supervisor's");
            return;
        }
        links.put(cluster, link);
        link.configure(of.configs().with(of.table().assignmentsFor(of.plan().cluster(cluster))));
        if (generations.isLeaving(of)) {
            link.send(endSessions());
        }
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
        Generation of = generations.ofWorker(link.cluster());
        if (of != null) {
            message(of, link, message);
        }
    }

    private void message(Generation of, WorkerLink link, ToSupervisor message) {
        switch (message.getMessageCase()) {
            case SHARD -> {
                ShardUpdate update = message.getShard();
                if (holds(of, link, update.getShardId()) && of.table().update(update)) {
                    identifies.answered(of, update);
                    changed();
                }
            }
            case IDENTIFY_WANTED -> {
                int shardId = message.getIdentifyWanted().getShardId();
                if (holds(of, link, shardId)) {
                    identifies.wanted(of, shardId);
                }
            }
            case IDENTIFY_READY -> {
                int shardId = message.getIdentifyReady().getShardId();
                if (holds(of, link, shardId) && !generations.isLeaving(of)) {
                    tokens().ready(of.key(shardId));
                }
            }
            case IDENTIFY_SENT -> {
                IdentifySent sent = message.getIdentifySent();
                if (holds(of, link, sent.getShardId())) {
                    tokens().sent(of.key(sent.getShardId()), sent.getGrantId());
                }
            }
            case IDENTIFY_RELEASED -> {
                IdentifyReleased released = message.getIdentifyReleased();
                if (holds(of, link, released.getShardId())) {
                    tokens().released(of.key(released.getShardId()), released.getGrantId());
                }
            }
            case BEAT -> {
                fleet.beat(link.cluster(), message.getBeat());
                for (ShardFacts facts : message.getBeat().getShardsList()) {
                    if (holds(of, link, facts.getShardId())) {
                        var _ = of.table().facts(facts);
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

    private static boolean holds(Generation of, WorkerLink link, int shardId) {
        return of.table().contains(shardId)
                && of.plan().clusterOf(shardId).index() == link.cluster();
    }

    private void changed() {
        ShardTable table = table();
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
        Generation of = generations.ofWorker(cluster);
        if (of != null) {
            of.table().workerLost(cluster);
            tokens().workerLost(of.keysOf(cluster));
        }
    }

    private @Nullable WorkerLink linkOf(int shardId) {
        return links.get(generations.serving().plan().clusterOf(shardId).index());
    }

    // ---- generations -----------------------------------------------------------------------

    /** Another generation is to come up behind the one that serves. */
    void prepare(Generation coming) {
        generations.prepare(coming);
        tokens().background(coming.spec().slot(), true);
        tokens().tryOneFirst();
        fleet.add(coming.plan(), coming.configs().digest());
    }

    /** Whether each worker of a generation is attached. */
    boolean isAttached(Generation generation) {
        return generation.plan().clusters().stream()
                .allMatch(cluster -> links.containsKey(cluster.index()));
    }

    /**
     * Ends the sessions of a generation and lets its workers go.
     *
     * @return done when none of them is left
     */
    CompletableFuture<Void> end(Generation generation) {
        generations.leaves(generation);
        generation.table().endsOnPurpose();
        tokens().forget(generation.keys());
        ToWorker order = endSessions();
        links.forEach((worker, link) -> {
            if (generation.plan().hasWorker(worker)) {
                link.send(order);
            }
        });
        return fleet.retire(generation.plan(), END_WITHIN);
    }

    private static ToWorker endSessions() {
        return ToWorker.newBuilder()
                .setShutdown(
                        Shutdown.newBuilder()
                                .setWithinMs((int) END_WITHIN.toMillis() / 2)
                                .setEndSessions(true))
                .build();
    }

    /** The generation that was to come is gone; the one that serves has noticed nothing. */
    void gaveUp() {
        generations.gaveUp();
    }

    /** The generation that came up is in charge. */
    void promote() {
        generations.promote();
        tokens().background(generations.serving().spec().slot(), false);
        everyShardWasReady = true;
    }

    // ---- orders ----------------------------------------------------------------------------

    void restartShard(int shardId, boolean fresh) {
        refuseWhileStopping();
        ShardTable table = table();
        if (!table.contains(shardId)) {
            throw new ControlRefusal(
                    ControlRefusal.Kind.NOT_FOUND,
                    "shard "
                            + shardId
                            + " is not one of this supervisor's: "
                            + generations.serving().plan().shards());
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
            identifies.wanted(generations.serving(), shardId);
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
                    "there is no worker " + worker + ": they are " + numbers());
        }
        return fleet.restart(worker);
    }

    private String numbers() {
        return fleet.numbers().stream().map(String::valueOf).collect(Collectors.joining(", "));
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

    /** The number of the generation that has this worker; it is one of the fleet's. */
    int generationOf(int worker) {
        Generation of = generations.ofWorker(worker);
        return of == null ? 0 : of.spec().number();
    }

    int readyIn(int cluster) {
        Generation of = generations.ofWorker(cluster);
        return of == null ? 0 : of.table().readyCount(of.plan().cluster(cluster));
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
