package gw.supervisor.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows under a head, each column as wide as its widest cell. */
final class Table {
    private static final String INDENT = "  ";

    private final List<String> head;
    private final List<Boolean> numbers;
    private final List<List<Line>> rows = new ArrayList<>();

    /**
     * An empty table.
     *
     * @param head the columns' names; a column whose name starts with {@code >} is aligned right
     */
    Table(String... head) {
        this.numbers = Arrays.stream(head).map(name -> name.startsWith(">")).toList();
        this.head =
                Arrays.stream(head)
                        .map(name -> name.startsWith(">") ? name.substring(1) : name)
                        .toList();
    }

    /** Adds a row: as many cells as columns. */
    void row(Line... cells) {
        rows.add(List.of(cells));
    }

    /** The head and the rows, indented. */
    List<Line> lines() {
        int[] widths = new int[head.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] =
                    Math.max(
                            head.get(i).length(),
                            rows.stream().mapToInt(row -> row.get(column).width()).max().orElse(0));
        }
        List<Line> lines = new ArrayList<>();
        lines.add(line(head.stream().map(name -> Line.of(Tone.FAINT, name)).toList(), widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private Line line(List<Line> cells, int[] widths) {
        Line line = Line.of(INDENT);
        int at = INDENT.length();
        for (int i = 0; i < widths.length; i++) {
            Line cell = cells.get(i);
            if (numbers.get(i)) {
                line.padTo(at + widths[i] - cell.width());
            }
            line.add(cell);
            at += widths[i] + INDENT.length();
            if (i < widths.length - 1) {
                line.padTo(at);
            }
        }
        return line;
    }
}
