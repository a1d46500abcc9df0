package gw.supervisor.fleet;

import gw.proto.v1.WorkerBeat;
import gw.proto.v1.WorkerState;
import gw.supervisor.plan.Cluster;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ScheduledFuture;

/** One cluster's worker: the process of the moment, and what became of those before. */
final class WorkerSlot {
    final Cluster cluster;
    final RestartPolicy policy;
    WorkerState state = WorkerState.WORKER_STATE_STOPPED;
    @Nullable Process process;
    String incarnation = "";
    int restarts;
    String lastExit = "";
    long lastExitMillis;
    long startedAtMillis;
    long startedNanos;
    long heardNanos;
    boolean attached;
    long nextLaunchMillis;

    /** Why we ended it, when we did. */
    String endedBecause = "";

    @Nullable ScheduledFuture<?> launch;
    WorkerBeat beat = WorkerBeat.getDefaultInstance();
    long beatNanos;
    double eventsPerSecond;

    WorkerSlot(Cluster cluster, RestartPolicy policy) {
        this.cluster = cluster;
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
}
