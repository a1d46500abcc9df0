package gw.supervisor.cli;

import gw.proto.v1.Phase;
import gw.proto.v1.Status;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code gw start} shows: while shards come up how far it has got, then one line that says
 * that all are there, and from then on changes alone, never in a flood, and how far a reshard has
 * got. Any thread.
 */
final class StartView implements AutoCloseable {
    private static final long PLAIN_EVERY_MILLIS = 5_000;
    private static final int MOST_LINES = 12;
    private static final long LIMIT_WINDOW_MILLIS = 10_000;

    private final PrintStream out;
    private final boolean live;
    private final boolean colour;
    private final InstantSource clock;
    private final ZoneId zone;
    private final LiveBlock block;
    private final LineLimit limit = new LineLimit(MOST_LINES, LIMIT_WINDOW_MILLIS);
    private final WorkerChanges workers = new WorkerChanges();
    private final ShardChanges shards = new ShardChanges();
    private final FlowChanges flow;
    private final ReshardChanges reshard;

    private List<Line> blockLines = List.of();
    private String figures = "";
    private long nextPlainMillis;
    private boolean up;
    private boolean stopping;

    /**
     * A view that has shown nothing yet.
     *
     * @param live whether lines can be rewritten: a terminal
     * @param columns of that terminal
     * @param colour whether colours are wanted
     * @param clock stamps the lines and paces them
     * @param zone of the stamps
     */
    StartView(
            PrintStream out,
            boolean live,
            int columns,
            boolean colour,
            InstantSource clock,
            ZoneId zone) {
        this.out = out;
        this.live = live;
        this.colour = colour;
        this.clock = clock;
        this.zone = zone;
        this.block = new LiveBlock(out, live, columns, colour);
        this.flow = new FlowChanges(zone);
        this.reshard = new ReshardChanges(zone);
    }

    /**
     * A view on this console.
     *
     * @param plain no rewriting and no colours, even on a terminal
     */
    static StartView on(Console console, boolean plain, InstantSource clock) {
        Terminal terminal = console.terminal();
        return new StartView(
                console.out(),
                terminal.live() && !plain,
                terminal.size().columns(),
                terminal.colour() && !plain,
                clock,
                console.zone());
    }

    /** Prints what is being started. */
    synchronized void banner(List<String> lines) {
        print(lines.stream().map(Line::of).toList());
    }

    /** Prints a message, without a stamp and without breaking what is rewritten. */
    synchronized void line(String message) {
        print(List.of(Line.of(message)));
    }

    /** Shows what is new in this status. */
    synchronized void update(Status status) {
        long now = clock.millis();
        List<Line> changes = new ArrayList<>();
        workers.next(status, changes);
        shards.next(status, changes);
        flow.next(status, changes);
        reshard.next(status, changes);
        if (stopping || status.getSupervisor().getPhase() == Phase.PHASE_STOPPING) {
            // Workers end and shards go because they were told to.
            stopping();
            showBlock(List.of(StartProgress.stopping(status)));
            return;
        }
        print(limit.take(changes, now).stream().map(line -> stamped(line, now)).toList());
        if (up) {
            showBlock(ReshardProgress.block(status, zone));
            return;
        }
        if (StartProgress.allReady(status)) {
            up = true;
            showBlock(List.of());
            print(List.of(Line.of(Tone.GOOD, StartProgress.summary(status))));
        } else if (live) {
            showBlock(StartProgress.block(status, zone));
        } else {
            plain(status, now);
        }
    }

    private void plain(Status status, long now) {
        String current = StartProgress.figures(status);
        if (now >= nextPlainMillis && !current.equals(figures)) {
            figures = current;
            nextPlainMillis = now + PLAIN_EVERY_MILLIS;
            print(
                    List.of(
                            Line.of(
                                    "gw: "
                                            + Section.joined(
                                                    current, StartProgress.toGo(status, zone)))));
        }
    }

    /** Says once that the end has begun; changes are no news from here on. */
    synchronized void stopping() {
        if (!stopping) {
            stopping = true;
            showBlock(List.of());
            print(List.of(Line.of("gw: stopping")));
        }
    }

    /** Takes away what is rewritten; what was printed stays. */
    @Override
    public synchronized void close() {
        showBlock(List.of());
    }

    private Line stamped(Line line, long now) {
        return Line.of(Tone.FAINT, Words.time(now, now, zone)).add(" ").add(line);
    }

    private void print(List<Line> lines) {
        if (lines.isEmpty()) {
            return;
        }
        block.erase();
        StringBuilder text = new StringBuilder();
        // Long lines wrap: nothing that is said once is cut.
        lines.forEach(line -> text.append(line.render(colour, Integer.MAX_VALUE)).append('\n'));
        out.print(text);
        out.flush();
        block.show(blockLines);
    }

    private void showBlock(List<Line> lines) {
        if (lines.isEmpty() && blockLines.isEmpty()) {
            return;
        }
        blockLines = lines;
        block.show(lines);
    }
}
