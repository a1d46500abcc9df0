package gw.supervisor.cli;

import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tells from one status to the next which shards were lost and which are back, those of one worker
 * together. A shard that is back within a moment is not worth a line: Discord asks each of them to
 * reconnect several times a day.
 */
final class ShardChanges {
    private static final long LOST_AFTER_MILLIS = 3_000;
    private static final long RETURN_WITHIN_MILLIS = 5_000;
    private static final int NAMED_SHARDS = 5;

    private record Lost(int worker, long atMillis) {}

    /** Shards of a worker that are back, while others of it may follow. */
    private static final class Returned {
        private final List<Integer> ids = new ArrayList<>();
        private final long firstMillis;
        private final long lostMillis;

        Returned(long firstMillis, long lostMillis) {
            this.firstMillis = firstMillis;
            this.lostMillis = lostMillis;
        }
    }

    private final Set<Integer> ready = new HashSet<>();
    private final TreeMap<Integer, Lost> unreported = new TreeMap<>();
    private final TreeMap<Integer, Lost> reported = new TreeMap<>();
    private final TreeMap<Integer, Returned> returned = new TreeMap<>();

    void next(Status status, List<Line> lines) {
        long now = status.getSupervisor().getNowMs();
        for (ShardStatus shard : status.getShardsList()) {
            int id = shard.getShardId();
            if (shard.getState() == ShardState.SHARD_STATE_READY) {
                ready.add(id);
                unreported.remove(id);
                Lost lost = reported.remove(id);
                if (lost != null) {
                    returned.computeIfAbsent(lost.worker(), _ -> new Returned(now, lost.atMillis()))
                            .ids
                            .add(id);
                }
            } else if (ready.remove(id)) {
                unreported.put(id, new Lost(shard.getWorker(), now));
            }
        }
        tellLost(status, now, lines);
        tellReturned(now, lines);
    }

    private void tellLost(Status status, long now, List<Line> lines) {
        Set<Integer> due = new HashSet<>();
        for (Lost lost : unreported.values()) {
            if (now - lost.atMillis() >= LOST_AFTER_MILLIS) {
                due.add(lost.worker());
            }
        }
        if (due.isEmpty()) {
            return;
        }
        TreeMap<Integer, List<ShardStatus>> byWorker = new TreeMap<>();
        for (ShardStatus shard : status.getShardsList()) {
            Lost lost = unreported.get(shard.getShardId());
            if (lost != null && due.contains(lost.worker())) {
                byWorker.computeIfAbsent(lost.worker(), _ -> new ArrayList<>()).add(shard);
                unreported.remove(shard.getShardId());
                reported.put(shard.getShardId(), lost);
            }
        }
        byWorker.forEach((worker, shards) -> lines.add(lost(worker, shards)));
    }

    private static Line lost(int worker, List<ShardStatus> shards) {
        ShardStatus first = shards.getFirst();
        List<Integer> ids = shards.stream().map(ShardStatus::getShardId).toList();
        String state = StateWords.name(first.getState());
        String reason = first.getReason().isEmpty() ? "" : ": " + first.getReason();
        return Line.of(
                Tone.BAD,
                shards.size() == 1
                        ? "shard " + ids.getFirst() + " is down, " + state + reason
                        : Words.count(shards.size())
                                + " shards of worker "
                                + worker
                                + " are down ("
                                + names(ids)
                                + "), "
                                + state
                                + reason);
    }

    private void tellReturned(long now, List<Line> lines) {
        for (Iterator<Map.Entry<Integer, Returned>> all = returned.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<Integer, Returned> entry = all.next();
            int worker = entry.getKey();
            Returned back = entry.getValue();
            long missing =
                    reported.values().stream().filter(lost -> lost.worker() == worker).count();
            if (missing == 0 || now - back.firstMillis >= RETURN_WITHIN_MILLIS) {
                lines.add(back(worker, back, missing, now));
                all.remove();
            }
        }
    }

    private static Line back(int worker, Returned back, long missing, long now) {
        String after = " ready again after " + Words.duration(now - back.lostMillis);
        Line line =
                Line.of(
                        Tone.GOOD,
                        back.ids.size() == 1
                                ? "shard " + back.ids.getFirst() + " is" + after
                                : Words.count(back.ids.size())
                                        + " shards of worker "
                                        + worker
                                        + " are"
                                        + after);
        return missing == 0
                ? line
                : line.add(Tone.WAITING, ", " + Words.count(missing) + " of it still down");
    }

    private static String names(List<Integer> ids) {
        if (ids.getLast() - ids.getFirst() == ids.size() - 1) {
            return Words.range(ids.getFirst(), ids.getLast());
        }
        String named =
                String.join(", ", ids.stream().limit(NAMED_SHARDS).map(String::valueOf).toList());
        return ids.size() <= NAMED_SHARDS
                ? named
                : named + " and " + Words.count(ids.size() - NAMED_SHARDS) + " more";
    }
}
