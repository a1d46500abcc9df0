package gw.supervisor.cli;

import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Replaces all workers, one after another: each has to be back, with every shard that was ready
 * before, until the next one is touched.
 */
final class RollingRestart {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final FollowedSupervisor followed;
    private final ControlClient client;
    private final Progress progress;
    private final Duration timeout;

    /**
     * One worker that was replaced.
     *
     * @param oldPid 0: none ran
     * @param shards that are ready again
     */
    record Replaced(int worker, long oldPid, long newPid, int shards, long millis) {}

    /**
     * Nothing is begun.
     *
     * @param timeout for each worker
     */
    RollingRestart(
            FollowedSupervisor followed,
            ControlClient client,
            Progress progress,
            Duration timeout) {
        this.followed = followed;
        this.client = client;
        this.progress = progress;
        this.timeout = timeout;
    }

    /**
     * Does it.
     *
     * @throws UserError when a worker doesn't come back; the ones after it were left alone
     */
    List<Replaced> run() throws UserError, InterruptedException {
        List<Replaced> all = new ArrayList<>();
        List<Integer> numbers =
                client.status().getWorkersList().stream().map(WorkerStatus::getWorker).toList();
        for (int i = 0; i < numbers.size(); i++) {
            // What is ready now has to be ready again: a shard may have come or gone meanwhile.
            Status before = client.status();
            Optional<WorkerStatus> worker = find(before, numbers.get(i));
            if (worker.isEmpty()) {
                // A reshard has replaced it by others, which are new anyway.
                continue;
            }
            Replaced replaced = replace(worker.get(), before, (i + 1) + " of " + numbers.size());
            all.add(replaced);
            progress.line(
                    "worker "
                            + replaced.worker()
                            + ": pid "
                            + replaced.oldPid()
                            + " -> "
                            + replaced.newPid()
                            + ", "
                            + Words.count(replaced.shards(), "shard", "shards")
                            + " ready again after "
                            + Words.duration(replaced.millis()));
        }
        return all;
    }

    private static Optional<WorkerStatus> find(Status status, int number) {
        return status.getWorkersList().stream()
                .filter(worker -> worker.getWorker() == number)
                .findFirst();
    }

    private Replaced replace(WorkerStatus worker, Status before, String place)
            throws UserError, InterruptedException {
        Set<Integer> wanted = readyOf(worker, before);
        long started = System.nanoTime();
        client.restartWorker(worker.getWorker());
        String last = "no answer from the supervisor";
        while (true) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
            Status status = followed.look().orElse(null);
            WorkerStatus now =
                    status == null ? null : find(status, worker.getWorker()).orElse(null);
            if (status != null && now != null) {
                Set<Integer> missing = new TreeSet<>(wanted);
                missing.removeAll(readyOf(now, status));
                if (now.getState() == WorkerState.WORKER_STATE_ATTACHED
                        && now.getPid() != worker.getPid()
                        && missing.isEmpty()) {
                    return new Replaced(
                            worker.getWorker(),
                            worker.getPid(),
                            now.getPid(),
                            wanted.size(),
                            millis);
                }
                last = words(now, worker.getPid(), missing.size(), wanted.size());
            }
            if (millis > timeout.toMillis()) {
                throw new UserError(
                        ExitCode.INTERNAL,
                        "worker "
                                + worker.getWorker()
                                + " is not back within "
                                + Words.duration(timeout.toMillis())
                                + ": "
                                + last,
                        "The workers after it were not touched. Its output is in "
                                + worker.getLogFile()
                                + "; gw status shows how it goes on.");
            }
            progress.now(
                    "worker "
                            + place
                            + Section.BETWEEN
                            + last
                            + Section.BETWEEN
                            + Words.duration(millis));
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private static String words(WorkerStatus now, long oldPid, int missing, int wanted) {
        if (now.getPid() == oldPid && oldPid != 0) {
            return "pid " + oldPid + " leaves";
        }
        return (now.getPid() == 0 ? "no process" : "pid " + now.getPid())
                + ", "
                + StateWords.name(now.getState())
                + ", "
                + (wanted - missing)
                + " of "
                + Words.count(wanted, "shard", "shards")
                + " ready";
    }

    private static Set<Integer> readyOf(WorkerStatus worker, Status status) {
        Set<Integer> ready = FollowedSupervisor.ready(status);
        ready.retainAll(
                status.getShardsList().stream()
                        .filter(shard -> shard.getWorker() == worker.getWorker())
                        .map(ShardStatus::getShardId)
                        .toList());
        return ready;
    }
}
