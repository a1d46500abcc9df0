package gw.supervisor.cli;

import gw.supervisor.exit.ExitCode;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** The root of all commands. By itself it does nothing but show the help. */
@Command(
        name = "gw",
        description =
                "Holds a Discord bot's shards, so that the bot can restart without losing events.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Exit codes: 0 well, 1 unexpected, 2 usage, 3 configuration, 4 token refused,",
            "  5 refused by Discord, 6 no session starts left, 7 Discord unreachable,",
            "  8 in use, 9 not running, 10 refused by the supervisor."
        })
final class GwCommand implements Callable<Integer> {
    @Option(
            names = {"-v", "--verbose"},
            description = "Show the stack trace of an error.")
    @SuppressWarnings("UnusedVariable") // Failures looks at what was matched
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli sets it and acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli sets it and acts on it
    private boolean version;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine command = spec.commandLine();
        command.usage(command.getErr(), command.getColorScheme());
        return ExitCode.USAGE.number();
    }
}
