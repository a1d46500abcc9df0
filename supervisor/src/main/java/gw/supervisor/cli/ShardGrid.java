package gw.supervisor.cli;

import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All shards as a map, one character each: a thousand fit on a screen. Long stretches in one state
 * are told in words instead.
 */
final class ShardGrid {
    private static final int GROUP = 10;
    private static final int WIDE_GROUPS = 10;
    private static final int NARROW_GROUPS = 5;
    private static final int LABEL = 8;
    private static final int COLUMNS_FOR_WIDE = LABEL + 2 + WIDE_GROUPS * (GROUP + 1);

    /** Up to here the map is drawn whole. */
    private static final int WHOLE_ROWS = 20;

    private static final int MAX_ROWS = 40;

    private ShardGrid() {}

    /**
     * The map and its legend.
     *
     * @param shards by id
     * @param columns of the terminal
     */
    static List<Line> lines(List<ShardStatus> shards, int columns) {
        int rowSize = GROUP * (columns >= COLUMNS_FOR_WIDE ? WIDE_GROUPS : NARROW_GROUPS);
        List<List<ShardStatus>> rows = new ArrayList<>();
        for (int at = 0; at < shards.size(); at += rowSize) {
            rows.add(shards.subList(at, Math.min(shards.size(), at + rowSize)));
        }
        List<Line> lines = rows.size() <= WHOLE_ROWS ? whole(rows) : shortened(rows);
        lines.add(legend(shards));
        return lines;
    }

    private static List<Line> whole(List<List<ShardStatus>> rows) {
        List<Line> lines = new ArrayList<>();
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private static List<Line> shortened(List<List<ShardStatus>> rows) {
        List<Line> lines = new ArrayList<>();
        int at = 0;
        while (at < rows.size()) {
            if (lines.size() == MAX_ROWS) {
                int left = rows.subList(at, rows.size()).stream().mapToInt(List::size).sum();
                lines.add(label("...").add(Words.count(left) + " more, see --json"));
                break;
            }
            int end = endOfStretch(rows, at);
            if (end - at > 1) {
                ShardStatus first = rows.get(at).getFirst();
                lines.add(
                        label(Integer.toString(first.getShardId()))
                                .add(
                                        StateWords.tone(first.getState()),
                                        "all "
                                                + StateWords.name(first.getState())
                                                + " up to "
                                                + rows.get(end - 1).getLast().getShardId()));
                at = end;
            } else {
                lines.add(line(rows.get(at)));
                at++;
            }
        }
        return lines;
    }

    /** The row after the last one that is in the same single state as this one. */
    private static int endOfStretch(List<List<ShardStatus>> rows, int from) {
        ShardState state = rows.get(from).getFirst().getState();
        int at = from;
        while (at < rows.size()
                && rows.get(at).stream().allMatch(shard -> shard.getState() == state)) {
            at++;
        }
        return at;
    }

    private static Line label(String text) {
        return Line.of(" ".repeat(Math.max(0, LABEL - text.length())))
                .add(Tone.FAINT, text)
                .add("  ");
    }

    private static Line line(List<ShardStatus> row) {
        Line line = label(Integer.toString(row.getFirst().getShardId()));
        int at = 0;
        while (at < row.size()) {
            ShardState state = row.get(at).getState();
            int end = at;
            int groupEnd = Math.min(row.size(), (at / GROUP + 1) * GROUP);
            while (end < groupEnd && row.get(end).getState() == state) {
                end++;
            }
            line.add(
                    StateWords.tone(state),
                    Character.toString(StateWords.letter(state)).repeat(end - at));
            if (end == groupEnd) {
                line.add(" ");
            }
            at = end;
        }
        return line;
    }

    private static Line legend(List<ShardStatus> shards) {
        Map<ShardState, Integer> counts = new EnumMap<>(ShardState.class);
        shards.forEach(shard -> counts.merge(shard.getState(), 1, Integer::sum));
        Line line = label("");
        counts.forEach((state, count) ->
                line.add(StateWords.tone(state), Character.toString(StateWords.letter(state)))
                        .add(" " + Words.count(count) + " " + StateWords.name(state) + "   "));
        return line;
    }
}
