package gw.sim.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** {@code gw sim}. */
@Command(
        name = "gw sim",
        description = {
            "A strict fake Discord, REST and gateway, on 127.0.0.1, to test a bot or a library"
                    + " against: it identifies, replays and closes as Discord does, counts what"
                    + " Discord would punish, and does on command what goes wrong in real life.",
            ""
        },
        sortOptions = false,
        usageHelpAutoWidth = false)
final class SimCommand implements Callable<Integer> {
    static final int OK = 0;
    static final int FOUND_SOMETHING = 1;

    private static final int SECRET_BYTES = 24;

    private final InputStream in;
    private final PrintStream out;
    private final boolean terminal;

    @Mixin private SimOptions options = new SimOptions();

    @Option(names = "--json", description = "One JSON object a line instead of text.")
    private boolean json;

    @Option(names = "--quiet", description = "Nothing but the summary.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Stack traces with errors.")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "This.")
    @SuppressWarnings("UnusedVariable") // Picocli acts on it.
    private boolean help;

    /** Run by gw start --sim. */
    @Option(names = "--embedded", hidden = true)
    private boolean embedded;

    SimCommand(InputStream in, PrintStream out, boolean terminal) {
        this.in = in;
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CannotStart, IOException, InterruptedException {
        SimPlan plan = options.plan();
        if (embedded) {
            // Ctrl-C goes to the whole process group; the parent decides when this ends.
            Signals.ignore("INT");
            SecureRandom random = new SecureRandom();
            try (SimRun run = SimRun.start(plan.embedded(secret(random), secret(random)))) {
                new Embedded(run, out).serve(in);
            }
            return OK;
        }
        CountDownLatch stop = new CountDownLatch(1);
        Signals.handle("INT", stop::countDown);
        Signals.handle("TERM", stop::countDown);
        try (SimRun run = SimRun.start(plan)) {
            boolean clean = new Foreground(run, voice(), out, System::nanoTime, stop).serve();
            return clean ? OK : FOUND_SOMETHING;
        }
    }

    private static String secret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Foreground.Voice voice() {
        if (json) {
            return Foreground.Voice.JSON;
        }
        if (quiet) {
            return Foreground.Voice.QUIET;
        }
        return terminal ? Foreground.Voice.TERMINAL : Foreground.Voice.LINES;
    }
}
