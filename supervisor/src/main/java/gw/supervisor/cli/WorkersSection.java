package gw.supervisor.cli;

import gw.proto.v1.Status;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The workers, those in trouble in any case. */
final class WorkersSection {
    private static final int MAX_ROWS = 40;

    private WorkersSection() {}

    static Section of(Status status) {
        List<WorkerStatus> workers = status.getWorkersList();
        long attached =
                workers.stream()
                        .filter(worker -> worker.getState() == WorkerState.WORKER_STATE_ATTACHED)
                        .count();
        Section section =
                new Section("workers")
                        .add(
                                Line.of(
                                        attached == workers.size() ? Tone.GOOD : Tone.WAITING,
                                        Words.count(attached)
                                                + " of "
                                                + Words.count(workers.size())
                                                + " attached"));
        if (workers.isEmpty()) {
            return section;
        }
        long now = status.getSupervisor().getNowMs();
        // While there is one generation alone, nobody needs to be told which.
        boolean two = workers.stream().mapToInt(WorkerStatus::getGeneration).distinct().count() > 1;
        Table table =
                new Table(
                        ">worker",
                        ">pid",
                        "shards",
                        ">ready",
                        "state",
                        ">restarts",
                        ">memory",
                        ">events/s",
                        "notes");
        List<WorkerStatus> shown = shown(workers);
        shown.forEach(worker -> row(table, worker, shardsOf(worker, two), now));
        section.addWide(table.lines());
        if (shown.size() < workers.size()) {
            section.addWide(
                    List.of(
                            Line.of(
                                    "  and "
                                            + Words.count(workers.size() - shown.size())
                                            + " more, see --json")));
        }
        return section;
    }

    private static List<WorkerStatus> shown(List<WorkerStatus> workers) {
        if (workers.size() <= MAX_ROWS) {
            return workers;
        }
        Comparator<WorkerStatus> byId = Comparator.comparingInt(WorkerStatus::getWorker);
        return workers.stream()
                .sorted(Comparator.comparing(WorkersSection::isWell).thenComparing(byId))
                .limit(MAX_ROWS)
                .sorted(byId)
                .toList();
    }

    private static boolean isWell(WorkerStatus worker) {
        return worker.getState() == WorkerState.WORKER_STATE_ATTACHED
                && worker.getShardsReady() == shards(worker);
    }

    private static int shards(WorkerStatus worker) {
        return worker.getLastShard() - worker.getFirstShard() + 1;
    }

    private static String shardsOf(WorkerStatus worker, boolean two) {
        String range = Words.range(worker.getFirstShard(), worker.getLastShard());
        return two
                ? range + " of " + worker.getShardCount() + ", gen " + worker.getGeneration()
                : range;
    }

    private static void row(Table table, WorkerStatus worker, String shardsOf, long now) {
        int shards = shards(worker);
        boolean runs = worker.getPid() != 0;
        table.row(
                Line.of(Integer.toString(worker.getWorker())),
                Line.of(runs ? Long.toString(worker.getPid()) : "-"),
                Line.of(shardsOf),
                Line.of(
                        worker.getShardsReady() == shards ? Tone.GOOD : Tone.WAITING,
                        worker.getShardsReady() + "/" + shards),
                Line.of(StateWords.tone(worker.getState()), StateWords.name(worker.getState())),
                Line.of(
                        worker.getRestarts() == 0 ? Tone.PLAIN : Tone.WAITING,
                        Words.count(worker.getRestarts())),
                Line.of(
                        runs && worker.getRssBytes() != 0
                                ? Words.bytes(worker.getRssBytes())
                                : "-"),
                Line.of(runs ? Words.rate(worker.getEventsPerSecond()) : "-"),
                notes(worker, now));
    }

    private static Line notes(WorkerStatus worker, long now) {
        List<String> loud = new ArrayList<>();
        if (worker.getNextLaunchMs() != 0) {
            loud.add("next launch in " + Words.duration(worker.getNextLaunchMs() - now));
        }
        if (worker.getReadingPaused()) {
            loud.add(
                    "reading paused, "
                            + Words.bytes(worker.getUnackedBytes())
                            + " not acknowledged");
        }
        if (worker.getMalformed() != 0) {
            loud.add(Words.count(worker.getMalformed()) + " malformed");
        }
        Line notes = Line.of(Tone.WAITING, String.join(Section.BETWEEN, loud));
        if (worker.getLastExit().isEmpty()) {
            return notes;
        }
        String exit =
                "last exit: "
                        + worker.getLastExit()
                        + ", "
                        + Words.ago(now, worker.getLastExitMs());
        String log =
                worker.getPid() != 0 || worker.getLogFile().isEmpty()
                        ? ""
                        : ", log in " + worker.getLogFile();
        return notes.add(loud.isEmpty() ? "" : Section.BETWEEN).add(exit).add(log);
    }
}
