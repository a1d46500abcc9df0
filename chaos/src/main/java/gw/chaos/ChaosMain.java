package gw.chaos;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The process of {@code bin/gw-chaos}. */
public final class ChaosMain {
    /** Where the launcher says which gw is tried. */
    private static final String GW_PROPERTY = "gw.bin";

    private static final int USAGE = 2;
    private static final int INTERNAL = 70;
    private static final int HELP_COLUMNS = 100;

    /** Netty warns of TCP's options on every Unix socket; referenced, or its level is forgotten. */
    private static final Logger NETTY = Logger.getLogger("io.netty.bootstrap");

    private ChaosMain() {}

    /** Makes one run and exits with what came of it. */
    public static void main(String[] args) {
        NETTY.setLevel(Level.SEVERE);
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        Path gw = Path.of(System.getProperty(GW_PROPERTY, "bin/gw")).toAbsolutePath();
        System.exit(run(out, err, gw, args));
    }

    /** Runs the command and gives its exit code. */
    static int run(PrintStream out, PrintStream err, Path gw, String... args) {
        CommandLine command = new CommandLine(new ChaosCommand(out, new SecureRandom(), gw));
        var _ = command.getCommandSpec().usageMessage().footer(ChaosCommand.footer());
        return command.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpWidth(HELP_COLUMNS)
                .setParameterExceptionHandler((e, _) -> {
                    PrintWriter words = e.getCommandLine().getErr();
                    words.println("gw-chaos: " + e.getMessage());
                    words.println("  gw-chaos --help says what there is.");
                    return USAGE;
                })
                .setExecutionExceptionHandler((e, failed, _) -> {
                    if (e instanceof CannotRun known) {
                        failed.getErr().println("gw-chaos: " + known.getMessage());
                    } else {
                        failed.getErr().println("gw-chaos: unexpected: " + e);
                        e.printStackTrace(failed.getErr());
                    }
                    return INTERNAL;
                })
                .execute(args);
    }

    /** Terminals speak UTF-8 even where the locale is C, as it is in most containers. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
