package gw.supervisor.cli;

import java.util.List;

/**
 * What a command that takes its time says meanwhile: lines that stay, and on a terminal one below
 * them that changes. Says nothing at all when the answer is for a program. For one thread.
 */
final class Progress implements AutoCloseable {
    private final Console console;
    private final boolean silent;
    private final LiveBlock block;

    Progress(Console console, boolean silent) {
        this.console = console;
        this.silent = silent;
        this.block =
                new LiveBlock(
                        console.out(),
                        console.terminal().live() && !silent,
                        console.terminal().size().columns(),
                        console.terminal().colour());
    }

    /** A line that stays. */
    void line(String text) {
        if (!silent) {
            block.erase();
            console.out().println("gw: " + Printable.line(text));
            console.out().flush();
        }
    }

    /** What is going on just now. */
    void now(String text) {
        now(List.of(Line.of("gw: " + text)));
    }

    /** The same on several lines. */
    void now(List<Line> lines) {
        block.show(lines);
    }

    @Override
    public void close() {
        if (!silent) {
            block.erase();
        }
    }
}
