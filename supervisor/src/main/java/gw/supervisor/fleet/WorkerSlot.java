package gw.supervisor.fleet;

import gw.proto.v1.WorkerBeat;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;
import gw.supervisor.plan.Cluster;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One cluster's worker: the process of the moment, and what became of those before. */
final class WorkerSlot {
    final Cluster cluster;

    /** Of the configuration that it is given: a process that was given another isn't taken over. */
    final String configDigest;

    final RestartPolicy policy;
    WorkerState state = WorkerState.WORKER_STATE_STOPPED;
    @Nullable WorkerProcess process;
    String incarnation = "";
    int restarts;
    String lastExit = "";
    long lastExitMillis;
    long startedAtMillis;
    long startedNanos;
    long heardNanos;
    boolean attached;

    /** Nobody takes its place when it goes. */
    boolean retiring;

    long nextLaunchMillis;

    /** Why we ended it, when we did. */
    String endedBecause = "";

    @Nullable ScheduledFuture<?> launch;
    WorkerBeat beat = WorkerBeat.getDefaultInstance();
    long beatNanos;
    double eventsPerSecond;

    WorkerSlot(Cluster cluster, String configDigest, RestartPolicy policy) {
        this.cluster = cluster;
        this.configDigest = configDigest;
        this.policy = policy;
    }

    void beat(WorkerBeat next, long nowNanos) {
        long events = next.getDispatches() - beat.getDispatches();
        long passed = nowNanos - beatNanos;
        if (beatNanos != 0 && passed > 0 && events >= 0) {
            eventsPerSecond = events * 1e9 / passed;
        }
        beat = next;
        beatNanos = nowNanos;
    }

    void forgetBeat() {
        beat = WorkerBeat.getDefaultInstance();
        beatNanos = 0;
        eventsPerSecond = 0;
    }

    /** A process begins, or goes on under this supervisor. */
    void begin(String newIncarnation, long nowNanos, long nowMillis, long newStartedAtMillis) {
        incarnation = newIncarnation;
        attached = false;
        endedBecause = "";
        nextLaunchMillis = 0;
        forgetBeat();
        startedAtMillis = newStartedAtMillis;
        startedNanos =
                nowNanos
                        - TimeUnit.MILLISECONDS.toNanos(
                                Math.max(0, nowMillis - newStartedAtMillis));
        heardNanos = nowNanos;
    }

    WorkerStatus status(Path logFile) {
        WorkerProcess current = process;
        return WorkerStatus.newBuilder()
                .setWorker(cluster.index())
                .setPid(current == null ? 0 : current.pid())
                .setAdopted(current != null && current.isAdopted())
                .setState(state)
                .setFirstShard(cluster.shards().first())
                .setLastShard(cluster.shards().last())
                .setShardCount(cluster.shards().count())
                .setRestarts(restarts)
                .setLastExit(lastExit)
                .setLastExitMs(lastExitMillis)
                .setStartedAtMs(startedAtMillis)
                .setHeapUsedBytes(beat.getHeapUsedBytes())
                .setRssBytes(beat.getRssBytes())
                .setCpuNanos(beat.getCpuNanos())
                .setDispatches(beat.getDispatches())
                .setEventsPerSecond(eventsPerSecond)
                .setUnackedBytes(beat.getUnackedBytes())
                .setReadingPaused(beat.getReadingPaused())
                .setMalformed(beat.getMalformed())
                .setLogFile(logFile.toString())
                .setNextLaunchMs(nextLaunchMillis)
                .build();
    }
}
