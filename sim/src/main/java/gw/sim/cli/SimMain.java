package gw.sim.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The process of {@code gw sim}. */
public final class SimMain {
    private static final int USAGE = 2;
    private static final int IN_USE = 8;
    private static final int INTERNAL = 70;
    private static final int HELP_COLUMNS = 100;

    private SimMain() {}

    /** Runs until Ctrl-C, SIGTERM or the end of its duration. */
    public static void main(String[] args) {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        System.exit(
                run(System.in, utf8(FileDescriptor.out), utf8(FileDescriptor.err), terminal, args));
    }

    /** Runs the command and gives its exit code. */
    static int run(
            InputStream in, PrintStream out, PrintStream err, boolean terminal, String... args) {
        SimCommand sim = new SimCommand(in, out, terminal);
        CommandLine command = new CommandLine(sim);
        var _ = command.getCommandSpec().usageMessage().footer(HelpText.footer());
        return command.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setParameterExceptionHandler((e, _) -> {
                    PrintWriter words = e.getCommandLine().getErr();
                    words.println("gw sim: " + plain(String.valueOf(e.getMessage())));
                    words.println("  gw sim --help says what there is.");
                    return USAGE;
                })
                .setExecutionExceptionHandler(
                        (e, failed, _) -> failed(e, failed.getErr(), sim.verbose))
                .execute(args);
    }

    /** Picocli's words for a bad value, in the words that all our errors have. */
    private static String plain(String message) {
        return message.replaceFirst("^Invalid value for option '([^']+)'( \\([^)]*\\))?: ", "$1: ")
                .replaceFirst("is not an? (int|long)$", "(expected: a whole number)");
    }

    private static int failed(Exception e, PrintWriter err, boolean verbose) {
        int code;
        if (e instanceof CannotStart known) {
            err.println("gw sim: " + known.getMessage());
            err.println("  " + known.advice());
            code = IN_USE;
        } else {
            err.println(
                    "gw sim: unexpected: " + e + (verbose ? "" : " (-v shows the stack trace)"));
            code = INTERNAL;
        }
        if (verbose) {
            e.printStackTrace(err);
        }
        return code;
    }

    /** Terminals speak UTF-8 even where the locale is C, as it is in most containers. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
