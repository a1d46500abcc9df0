package gw.supervisor.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * A view that is shown again and again: on a terminal in place, on its second screen, so that what
 * stood there before is back afterwards; elsewhere one after another.
 */
final class WatchScreen implements AutoCloseable {
    private static final String ENTER = "\u001B[?1049h\u001B[?25l";
    private static final String LEAVE = "\u001B[?25h\u001B[?1049l";
    private static final String HOME = "\u001B[H";
    private static final String CLEAR_REST_OF_LINE = "\u001B[K";
    private static final String CLEAR_BELOW = "\u001B[J";

    private final Console console;
    private final PrintStream out;
    private final Thread atExit = new Thread(this::leave, "gw-restore-screen");
    private List<Line> last = List.of();
    private boolean entered;

    WatchScreen(Console console) {
        this.console = console;
        this.out = console.out();
        if (console.terminal().live()) {
            // Ctrl-C ends the process by its shutdown hooks.
            Runtime.getRuntime().addShutdownHook(atExit);
            entered = true;
            out.print(ENTER);
        }
    }

    /**
     * Shows the next view.
     *
     * @return false when nobody reads any more
     */
    boolean show(List<Line> lines) {
        last = lines;
        if (console.terminal().live()) {
            draw(lines);
        } else {
            console.print(lines);
            out.println();
        }
        return !out.checkError();
    }

    private synchronized void draw(List<Line> lines) {
        if (!entered) {
            return;
        }
        Terminal.Size size = console.terminal().size();
        int room = size.rows() - 1;
        StringBuilder frame = new StringBuilder(HOME);
        for (int i = 0; i < Math.min(lines.size(), room); i++) {
            Line line =
                    i == room - 1 && lines.size() > room
                            ? Line.of(
                                    Tone.FAINT,
                                    "... " + (lines.size() - i) + " more lines: enlarge the window")
                            : lines.get(i);
            frame.append(line.render(console.terminal().colour(), size.columns()))
                    .append(CLEAR_REST_OF_LINE)
                    .append("\r\n");
        }
        out.print(frame.append(CLEAR_BELOW));
        out.flush();
    }

    private synchronized void leave() {
        if (entered) {
            entered = false;
            out.print(LEAVE);
            out.flush();
        }
    }

    /** Goes back to the first screen and leaves the last view there. */
    @Override
    public void close() {
        if (console.terminal().live()) {
            leave();
            var _ = Runtime.getRuntime().removeShutdownHook(atExit);
            console.print(last);
        }
    }
}
