package gw.supervisor.cli;

import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.ShardState;
import gw.proto.v1.Status;
import gw.proto.v1.WorkerState;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** How far the start, or the stop, has got: words from one status. */
final class StartProgress {
    private StartProgress() {}

    static boolean allReady(Status status) {
        return status.getShardsCount() > 0 && ready(status) == status.getShardsCount();
    }

    /** For a terminal: a bar, and what it waits for. */
    static List<Line> block(Status status, ZoneId zone) {
        long ready = ready(status);
        List<Line> lines = new ArrayList<>();
        lines.add(
                Line.of("gw: ")
                        .add(ProgressBar.of(ready, status.getShardsCount()))
                        .add(" " + Section.joined(shards(status), toGo(status, zone))));
        lines.add(
                Line.of(
                        "    "
                                + Section.joined(
                                        workers(status),
                                        IdentifySection.left(status.getIdentify()))));
        return lines;
    }

    /** The figures alone: equal texts mean that nothing changed. */
    static String figures(Status status) {
        return Section.joined(
                shards(status), workers(status), IdentifySection.left(status.getIdentify()));
    }

    /** Time left, as things stand; empty: unknown. */
    static String toGo(Status status, ZoneId zone) {
        IdentifyStatus identify = status.getIdentify();
        long now = status.getSupervisor().getNowMs();
        if (identify.getWaitingUntilMs() > now) {
            return "waits for session starts until "
                    + Words.time(identify.getWaitingUntilMs(), now, zone);
        }
        return identify.getDoneAtMs() > now
                ? "about " + Words.duration(identify.getDoneAtMs() - now) + " to go"
                : "";
    }

    /** The one line that says that all is up. */
    static String summary(Status status) {
        long took = status.getSupervisor().getNowMs() - status.getSupervisor().getStartedAtMs();
        String bot = status.getPlan().getUserName();
        return "gw: "
                + Section.joined(
                        shards(status) + " in " + Words.duration(took),
                        bot.isEmpty() ? "" : "bot " + bot,
                        Words.count(status.getWorkersCount(), "worker", "workers"),
                        IdentifySection.left(status.getIdentify()),
                        "events go to " + status.getDelivery().getUrl());
    }

    /** What is still to be done before the end. */
    static Line stopping(Status status) {
        return Line.of(
                "gw: "
                        + Section.joined(
                                "stopping",
                                Words.count(ready(status), "shard", "shards") + " still connected",
                                Words.count(
                                                status.getDelivery().getQueuedEvents(),
                                                "event",
                                                "events")
                                        + " to deliver"));
    }

    private static String shards(Status status) {
        return Words.count(ready(status))
                + " of "
                + Words.count(status.getShardsCount(), "shard", "shards")
                + " ready";
    }

    private static String workers(Status status) {
        long up =
                status.getWorkersList().stream()
                        .filter(worker -> worker.getState() == WorkerState.WORKER_STATE_ATTACHED)
                        .count();
        return Words.count(up)
                + " of "
                + Words.count(status.getWorkersCount(), "worker", "workers")
                + " up";
    }

    private static long ready(Status status) {
        return status.getShardsList().stream()
                .filter(shard -> shard.getState() == ShardState.SHARD_STATE_READY)
                .count();
    }
}
