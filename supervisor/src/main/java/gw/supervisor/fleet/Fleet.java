package gw.supervisor.fleet;

import gw.proto.v1.WorkerBeat;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.ShardPlan;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The worker processes: launches one for each cluster, watches it, replaces it. Owned by the
 * control thread, on which all calls are made and all calls back come.
 */
public final class Fleet {
    private static final long LOOK_MILLIS = 500;
    private static final long BOUND_SECONDS = 60;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final FleetSettings settings;
    private final WorkerFiles files;
    private final Roster roster;
    private final Launcher launcher;
    private final Leavers leavers;
    private final FleetListener listener;
    private final ScheduledExecutorService control;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final TreeMap<Integer, WorkerSlot> slots = new TreeMap<>();
    private final List<Retirement> retirements = new ArrayList<>();
    private long lastLookNanos;
    private boolean started;
    private boolean stopping;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /**
     * A fleet that isn't launched.
     *
     * @param control the control thread
     * @param nanos monotonic
     */
    public Fleet(
            FleetSettings settings,
            FleetListener listener,
            ScheduledExecutorService control,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.settings = settings;
        this.files = new WorkerFiles(settings.directory());
        this.roster = new Roster(settings.directory(), Fleet::complain);
        this.launcher = new Launcher(settings, files, roster);
        this.leavers = new Leavers(control, roster::remove);
        this.listener = listener;
        this.control = control;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
    }

    private record Retirement(ShardPlan plan, CompletableFuture<Void> done) {}

    /**
     * There is to be a worker for each cluster of this plan; where the fleet has been started
     * already they are launched at once.
     *
     * @param configDigest of the configuration that they are given
     */
    public void add(ShardPlan plan, String configDigest) {
        for (Cluster cluster : plan.clusters()) {
            WorkerSlot slot = new WorkerSlot(cluster, configDigest, new RestartPolicy(random));
            if (slots.putIfAbsent(cluster.index(), slot) != null) {
                throw new IllegalStateException("there is a worker " + cluster.index());
            }
            if (started) {
                launch(slot);
            }
        }
    }

    /**
     * The workers of this plan, which were told to leave, are not replaced any more.
     *
     * @param within after which they are killed
     * @return done, on the control thread, when none is left
     */
    public CompletableFuture<Void> retire(ShardPlan plan, Duration within) {
        Retirement retirement = new Retirement(plan, new CompletableFuture<>());
        retirements.add(retirement);
        for (Cluster cluster : plan.clusters()) {
            WorkerSlot slot = slots.get(cluster.index());
            if (slot == null) {
                continue;
            }
            slot.retiring = true;
            if (slot.launch != null) {
                var _ = slot.launch.cancel(false);
            }
            WorkerProcess process = slot.process;
            if (process == null) {
                slots.remove(cluster.index());
            } else {
                slot.state = WorkerState.WORKER_STATE_STOPPING;
                var _ =
                        control.schedule(
                                process::destroyForcibly, within.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        completeRetirements();
        return retirement.done();
    }

    private void completeRetirements() {
        for (Retirement each : List.copyOf(retirements)) {
            if (each.plan().clusters().stream()
                    .noneMatch(cluster -> slots.containsKey(cluster.index()))) {
                retirements.remove(each);
                each.done().complete(null);
            }
        }
    }

    /**
     * Takes over the workers of a supervisor before, as far as they fit; from here on they may
     * attach. Nobody is launched, and nobody told to leave.
     *
     * @return what there is to say about it, line by line
     */
    public List<String> takeOver() {
        List<String> notices = new ArrayList<>();
        Survivors survivors = Survivors.in(settings.directory(), notices::add);
        survivors.gone().forEach(entry -> roster.remove(entry.cluster()));
        Map<Integer, Survivors.Expected> expected = new TreeMap<>();
        slots.forEach((number, slot) ->
                expected.put(
                        number, new Survivors.Expected(slot.cluster.shards(), slot.configDigest)));
        Survivors.Sorted sorted = survivors.sort(expected, settings.socket());
        sorted.adopted()
                .forEach((cluster, survivor) -> {
                    RosterEntry entry = survivor.entry();
                    WorkerSlot slot = slot(cluster);
                    slot.begin(
                            entry.incarnation(),
                            nanos.getAsLong(),
                            clock.millis(),
                            entry.startedAtMillis());
                    runs(slot, new AdoptedProcess(survivor.process(), entry.started()));
                });
        for (Survivors.Misfit misfit : sorted.misfits()) {
            RosterEntry entry = misfit.survivor().entry();
            leavers.add(
                    entry.cluster(),
                    new AdoptedProcess(misfit.survivor().process(), entry.started()));
            notices.add(
                    "worker "
                            + entry.cluster()
                            + " of the supervisor before (pid "
                            + entry.pid()
                            + ") is told to leave: "
                            + misfit.why());
        }
        return notices;
    }

    /** Launches all workers that are not there, as soon as nobody else holds their shards. */
    public void start() {
        lastLookNanos = nanos.getAsLong();
        var _ =
                leavers.dismiss(settings.leaveLimit())
                        .thenRun(() -> {
                            started = true;
                            List.copyOf(slots.values()).stream()
                                    .filter(slot -> slot.process == null)
                                    .forEach(this::launch);
                        })
                        .thenRun(this::completeWhenEmpty);
        var _ =
                control.scheduleWithFixedDelay(
                        this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        var _ =
                control.scheduleWithFixedDelay(
                        () -> slots.keySet().forEach(files::bound),
                        BOUND_SECONDS,
                        BOUND_SECONDS,
                        TimeUnit.SECONDS);
    }

    private static void complain(String problem) {
        System.err.println("gw: " + problem);
    }

    /** Their numbers, in order. */
    public Set<Integer> numbers() {
        return Collections.unmodifiableSet(slots.keySet());
    }

    public boolean contains(int cluster) {
        return slots.containsKey(cluster);
    }

    private WorkerSlot slot(int cluster) {
        WorkerSlot slot = slots.get(cluster);
        if (slot == null) {
            throw new IllegalArgumentException(
                    "worker " + cluster + " (expected: one of " + slots.keySet() + ")");
        }
        return slot;
    }

    /**
     * A process says that it is this cluster's worker.
     *
     * @return whether it is; a false one is to be refused
     */
    public boolean attached(int cluster, String incarnation) {
        if (!contains(cluster) || stopping) {
            return false;
        }
        WorkerSlot slot = slot(cluster);
        if (!slot.incarnation.equals(incarnation)) {
            return false;
        }
        slot.attached = true;
        slot.heardNanos = nanos.getAsLong();
        slot.state =
                slot.retiring
                        ? WorkerState.WORKER_STATE_STOPPING
                        : WorkerState.WORKER_STATE_ATTACHED;
        return true;
    }

    /** The worker's link is over: the process may be, too. */
    public void linkClosed(int cluster) {
        WorkerProcess process = contains(cluster) ? slot(cluster).process : null;
        if (process != null) {
            process.lookClosely(control);
        }
    }

    /** The worker's link brought something at this moment. */
    public void heard(int cluster, long atNanos) {
        if (contains(cluster)) {
            WorkerSlot slot = slot(cluster);
            slot.heardNanos = Math.max(slot.heardNanos, atNanos);
        }
    }

    /** The worker's figures came. */
    public void beat(int cluster, WorkerBeat beat) {
        if (contains(cluster)) {
            slot(cluster).beat(beat, nanos.getAsLong());
        }
    }

    /**
     * Replaces a worker; the sessions are resumed by the next one.
     *
     * @return the pid of the one that leaves, 0: none runs
     */
    public long restart(int cluster) {
        WorkerSlot slot = slot(cluster);
        WorkerProcess process = slot.process;
        if (process == null) {
            if (slot.launch != null && slot.launch.cancel(false)) {
                launch(slot);
            }
            return 0;
        }
        slot.endedBecause = "restart by order";
        process.destroy();
        // One that hangs hears nothing of it.
        var _ =
                control.schedule(
                        process::destroyForcibly,
                        settings.leaveLimit().toMillis(),
                        TimeUnit.MILLISECONDS);
        return process.pid();
    }

    /** Replaces a worker that does what it must not; {@code why} stands in the status. */
    public void replace(int cluster, String why) {
        WorkerSlot slot = slot(cluster);
        if (slot.process != null) {
            slot.endedBecause = why;
            slot.process.destroyForcibly();
        }
    }

    /**
     * Waits for the workers, which were told to stop, and kills those that don't.
     *
     * @param within after which they are killed
     * @return done when no process is left
     */
    public CompletableFuture<Void> stopAll(Duration within) {
        if (!stopping) {
            stopping = true;
            for (WorkerSlot slot : slots.values()) {
                if (slot.launch != null) {
                    var _ = slot.launch.cancel(false);
                }
                WorkerProcess process = slot.process;
                if (process == null) {
                    slot.state = WorkerState.WORKER_STATE_STOPPED;
                } else {
                    slot.state = WorkerState.WORKER_STATE_STOPPING;
                    if (!slot.attached) {
                        // It can't be told over the link.
                        process.destroy();
                    }
                }
            }
            var _ =
                    control.schedule(
                            () -> {
                                slots.values().forEach(Fleet::kill);
                                leavers.kill();
                            },
                            within.toMillis(),
                            TimeUnit.MILLISECONDS);
            completeWhenEmpty();
        }
        return stopped;
    }

    private static void kill(WorkerSlot slot) {
        if (slot.process != null) {
            slot.process.destroyForcibly();
        }
    }

    private void completeWhenEmpty() {
        if (stopping
                && leavers.isEmpty()
                && slots.values().stream().allMatch(slot -> slot.process == null)) {
            var _ = stopped.complete(null);
        }
    }

    private void launch(WorkerSlot slot) {
        slot.launch = null;
        slot.nextLaunchMillis = 0;
        if (stopping || slot.retiring) {
            return;
        }
        byte[] id = new byte[16];
        random.nextBytes(id);
        long nowMillis = clock.millis();
        slot.begin(HexFormat.of().formatHex(id), nanos.getAsLong(), nowMillis, nowMillis);
        WorkerProcess process;
        try {
            process = launcher.launch(slot);
        } catch (IOException e) {
            slot.process = null;
            gone(slot, "could not be started: " + e.getMessage());
            return;
        }
        runs(slot, process);
    }

    private void runs(WorkerSlot slot, WorkerProcess process) {
        slot.process = process;
        slot.state = WorkerState.WORKER_STATE_STARTING;
        int index = slot.cluster.index();
        var _ =
                process.exited()
                        .thenComposeAsync(how -> listener.ended(index).thenApply(_ -> how), control)
                        .thenAcceptAsync(
                                how -> {
                                    if (process.equals(slot.process)) {
                                        slot.process = null;
                                        roster.remove(index);
                                        gone(slot, why(slot, how));
                                    }
                                },
                                control);
    }

    private static String why(WorkerSlot slot, String how) {
        return slot.endedBecause.isEmpty() ? how : slot.endedBecause + ", " + how;
    }

    private void gone(WorkerSlot slot, String reason) {
        slot.attached = false;
        slot.incarnation = "";
        slot.lastExit = reason;
        slot.lastExitMillis = clock.millis();
        slot.forgetBeat();
        if (slot.retiring) {
            slots.remove(slot.cluster.index(), slot);
            listener.lost(slot.cluster.index(), reason);
            completeRetirements();
            completeWhenEmpty();
            return;
        }
        if (stopping) {
            slot.state = WorkerState.WORKER_STATE_STOPPED;
            completeWhenEmpty();
            return;
        }
        slot.restarts++;
        long delay =
                slot.endedBecause.startsWith("restart")
                        ? 0
                        : slot.policy.delayNanos(nanos.getAsLong() - slot.startedNanos);
        slot.state = WorkerState.WORKER_STATE_WAITING;
        listener.lost(slot.cluster.index(), reason);
        slot.nextLaunchMillis = clock.millis() + TimeUnit.NANOSECONDS.toMillis(delay);
        slot.launch = control.schedule(() -> launch(slot), delay, TimeUnit.NANOSECONDS);
    }

    /** Whoever has said nothing for too long is as good as dead, and may still hold its sockets. */
    private void look() {
        long now = nanos.getAsLong();
        boolean paused = now - lastLookNanos > PAUSE_NANOS;
        lastLookNanos = now;
        if (paused) {
            // It was we who slept: what the workers said meanwhile has not been read yet.
            slots.values().forEach(slot -> slot.heardNanos = now);
            return;
        }
        for (WorkerSlot slot : slots.values()) {
            WorkerProcess process = slot.process;
            if (process == null) {
                continue;
            }
            process.look();
            if (stopping || process.exited().isDone()) {
                continue;
            }
            Duration limit = slot.attached ? settings.silenceLimit() : settings.attachLimit();
            long silent = now - slot.heardNanos;
            if (silent > limit.toNanos()) {
                if (slot.endedBecause.isEmpty()) {
                    slot.endedBecause =
                            (slot.attached ? "hung: nothing heard for " : "did not attach for ")
                                    + TimeUnit.NANOSECONDS.toMillis(silent)
                                    + " ms";
                }
                process.destroyForcibly();
            }
        }
    }

    /** Each worker, in order. */
    public List<WorkerStatus> statuses() {
        return slots.values().stream()
                .map(slot -> slot.status(logFile(slot.cluster.index())))
                .toList();
    }

    private Path logFile(int cluster) {
        return files.log(cluster);
    }
}
