package gw.supervisor.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** {@code gw help COMMAND}, the same as {@code gw COMMAND --help}. */
@Command(name = "help", description = "Show the help of a command.")
final class HelpCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "One of gw's commands.")
    private @Nullable String command;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine gw = spec.parent().commandLine();
        CommandLine wanted = command == null ? gw : gw.getSubcommands().get(command);
        if (wanted == null) {
            throw new ParameterException(gw, "no command " + command);
        }
        wanted.usage(gw.getOut(), gw.getColorScheme());
        return 0;
    }
}
