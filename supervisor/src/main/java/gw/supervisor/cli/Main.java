package gw.supervisor.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The {@code gw} command: all of it but {@code gw sim}, which has a process of its own. */
public final class Main {
    private static final Logger NETTY = Logger.getLogger("io.netty.bootstrap");
    private static final Logger GRPC = Logger.getLogger("io.grpc");

    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        // Warnings of libraries are not for the people who type commands.
        NETTY.setLevel(Level.SEVERE);
        GRPC.setLevel(Level.SEVERE);
        Map<String, String> environment = System.getenv();
        Console console =
                new Console(
                        utf8(FileDescriptor.out),
                        utf8(FileDescriptor.err),
                        environment,
                        Terminal.ofStandardOutput(environment),
                        ZoneId.systemDefault());
        System.exit(run(console, args));
    }

    /** Terminals speak UTF-8 even where the locale is C, as it is in most containers. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Runs a command and gives its exit code. */
    static int run(Console console, String... args) {
        return commands(console).execute(args);
    }

    static CommandLine commands(Console console) {
        // Each command is made here by hand: nothing is looked up by reflection at start-up.
        CommandLine gw = new CommandLine(new GwCommand());
        gw.addSubcommand(new StartCommand(console));
        gw.addSubcommand(new StatusCommand(console));
        gw.addSubcommand(new RestartCommand(console));
        gw.addSubcommand(new UpgradeCommand(console));
        gw.addSubcommand(new ReshardCommand(console));
        gw.addSubcommand(new StopCommand(console));
        gw.addSubcommand(new SimCommand());
        gw.addSubcommand(new HelpCommand());
        Failures failures = new Failures();
        return gw.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(
                        Help.defaultColorScheme(console.terminal().colour() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(100)
                // "@file" is a value of --presence, not picocli's own file of arguments.
                .setExpandAtFiles(false)
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
    }
}
