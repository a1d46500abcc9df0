package gw.supervisor.cli;

import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;

import java.util.Comparator;
import java.util.List;

/** The map of all shards, and a table of those that are not ready. */
final class ShardsSection {
    private static final int MAX_ROWS = 20;

    private ShardsSection() {}

    static Section of(Status status, int columns) {
        List<ShardStatus> shards = status.getShardsList();
        List<ShardStatus> waiting =
                shards.stream()
                        .filter(shard -> shard.getState() != ShardState.SHARD_STATE_READY)
                        .sorted(
                                Comparator.comparingInt((ShardStatus shard) ->
                                                StateWords.urgency(shard.getState()))
                                        .thenComparingInt(ShardStatus::getShardId))
                        .toList();
        Section section =
                new Section("shards")
                        .add(
                                Line.of(
                                        waiting.isEmpty() ? Tone.GOOD : Tone.WAITING,
                                        Words.count(shards.size() - waiting.size())
                                                + " of "
                                                + Words.count(shards.size())
                                                + " ready"));
        if (shards.isEmpty()) {
            return section;
        }
        section.addWide(ShardGrid.lines(shards, columns));
        if (!waiting.isEmpty()) {
            section.addWide(table(waiting, status.getSupervisor().getNowMs()));
        }
        return section;
    }

    private static List<Line> table(List<ShardStatus> waiting, long now) {
        Table table = new Table(">shard", ">worker", "state", ">for", ">queue", "reason");
        waiting.stream()
                .limit(MAX_ROWS)
                .forEach(shard ->
                        table.row(
                                Line.of(Integer.toString(shard.getShardId())),
                                Line.of(Integer.toString(shard.getWorker())),
                                Line.of(
                                        StateWords.tone(shard.getState()),
                                        StateWords.name(shard.getState())),
                                Line.of(
                                        shard.getSinceMs() == 0
                                                ? "-"
                                                : Words.duration(now - shard.getSinceMs())),
                                Line.of(
                                        shard.getQueuePosition() == 0
                                                ? "-"
                                                : Integer.toString(shard.getQueuePosition())),
                                Line.of(shard.getReason())));
        List<Line> lines = table.lines();
        if (waiting.size() > MAX_ROWS) {
            lines.add(
                    Line.of(
                            "  and "
                                    + Words.count(waiting.size() - MAX_ROWS)
                                    + " more, see --json"));
        }
        return lines;
    }
}
