package gw.supervisor.cli;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** Stands in the help for what bin/gw starts in a process of its own. */
@Command(
        name = "sim",
        description = "A strict fake Discord by itself, to test a bot or a library against.",
        footer = {"", "gw sim --help shows all options."})
final class SimCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", hidden = true)
    private List<String> words = List.of();

    @Override
    public Integer call() throws UserError {
        throw new UserError(
                ExitCode.USAGE,
                "sim is started by the gw script, not by this class",
                "Run bin/gw sim" + (words.isEmpty() ? "" : " " + String.join(" ", words)) + ".");
    }
}
