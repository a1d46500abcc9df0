package gw.supervisor.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * The last few lines of a terminal, rewritten in place. Where nothing can be rewritten it shows
 * nothing. For one thread at a time.
 */
final class LiveBlock {
    private static final String CLEAR_BELOW = "\u001B[J";

    private final PrintStream out;
    private final boolean live;
    private final int columns;
    private final boolean colour;
    private int shown;

    LiveBlock(PrintStream out, boolean live, int columns, boolean colour) {
        this.out = out;
        this.live = live;
        this.columns = columns;
        this.colour = colour;
    }

    /** Shows these lines in the place of those before. */
    void show(List<Line> lines) {
        if (live) {
            StringBuilder text = new StringBuilder(eraser());
            for (int i = 0; i < lines.size(); i++) {
                // A line as wide as the terminal would wrap, and the count of lines be wrong.
                text.append(i == 0 ? "" : "\n").append(lines.get(i).render(colour, columns - 1));
            }
            out.print(text);
            out.flush();
            shown = lines.size();
        }
    }

    /** Takes it away: the cursor stands where the block began. */
    void erase() {
        out.print(eraser());
        out.flush();
        shown = 0;
    }

    private String eraser() {
        if (shown == 0) {
            return "";
        }
        return (shown > 1 ? "\u001B[" + (shown - 1) + "A" : "") + "\r" + CLEAR_BELOW;
    }
}
