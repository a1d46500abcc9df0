package gw.supervisor.cli;

import gw.proto.v1.Status;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells from one status to the next which workers ended and which are there again. */
final class WorkerChanges {
    private record Seen(long pid, long attachedPid, long lastExitMillis) {}

    private final Map<Integer, Seen> seen = new HashMap<>();
    private boolean takeoverTold;

    void next(Status status, List<Line> lines) {
        long now = status.getSupervisor().getNowMs();
        tellTakeover(status, lines);
        for (WorkerStatus worker : status.getWorkersList()) {
            boolean attached = isAttached(worker);
            Seen before = seen.get(worker.getWorker());
            long attachedPid = before == null ? 0 : before.attachedPid();
            // One that stays away was told to go: its shards are another worker's now, or nobody's.
            if (before != null
                    && worker.getState() != WorkerState.WORKER_STATE_STOPPED
                    && worker.getLastExitMs() > before.lastExitMillis()) {
                lines.add(ended(worker, before.pid(), now));
            }
            if (attached) {
                if (attachedPid != 0 && attachedPid != worker.getPid()) {
                    lines.add(
                            Line.of(
                                    Tone.GOOD,
                                    "worker "
                                            + worker.getWorker()
                                            + " runs again: pid "
                                            + worker.getPid()));
                }
                attachedPid = worker.getPid();
            }
            seen.put(
                    worker.getWorker(),
                    new Seen(worker.getPid(), attachedPid, worker.getLastExitMs()));
        }
    }

    /** Once, when those that were taken over are all there. */
    private void tellTakeover(Status status, List<Line> lines) {
        List<WorkerStatus> adopted =
                status.getWorkersList().stream().filter(WorkerStatus::getAdopted).toList();
        if (takeoverTold
                || adopted.isEmpty()
                || !adopted.stream().allMatch(WorkerChanges::isAttached)) {
            return;
        }
        takeoverTold = true;
        int shards =
                adopted.stream()
                        .mapToInt(worker -> worker.getLastShard() - worker.getFirstShard() + 1)
                        .sum();
        lines.add(
                Line.of(
                        Tone.GOOD,
                        "took over "
                                + Words.count(adopted.size(), "worker", "workers")
                                + " of the supervisor before ("
                                + Words.count(shards, "shard", "shards")
                                + ", no identify spent)"));
    }

    private static boolean isAttached(WorkerStatus worker) {
        return worker.getState() == WorkerState.WORKER_STATE_ATTACHED;
    }

    private static Line ended(WorkerStatus worker, long pid, long now) {
        Line line =
                Line.of(
                        Tone.BAD,
                        "worker "
                                + worker.getWorker()
                                + (pid == 0 ? "" : " (pid " + pid + ")")
                                + " ended: "
                                + worker.getLastExit());
        return worker.getNextLaunchMs() > now
                ? line.add(
                        "; the next one starts in "
                                + Words.duration(worker.getNextLaunchMs() - now))
                : line.add("; its sessions are resumed by the next one");
    }
}
