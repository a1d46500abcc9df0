package gw.supervisor.cli;

import gw.supervisor.config.ControlFinder;
import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** The options that say which supervisor is meant. */
final class SupervisorOptions {
    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = {
                "The state directory of the supervisor that is meant.",
                "Environment: GW_STATE_DIR"
            })
    private @Nullable String stateDir;

    @Option(
            names = "--control",
            paramLabel = "ADDRESS",
            description = {
                "Its control address, when it is not the socket in the state directory: host:port"
                        + " or the path of a Unix socket.",
                "Environment: GW_CONTROL"
            })
    private @Nullable String control;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show the stack trace of an error.")
    @SuppressWarnings("UnusedVariable") // Failures looks at what was matched
    private boolean verbose;

    /**
     * Which supervisor is meant.
     *
     * @throws UserError when an address is malformed
     */
    ControlTarget target(Console console) throws UserError {
        return ControlTarget.of(
                ControlFinder.find(
                        Optional.ofNullable(control),
                        Optional.ofNullable(stateDir),
                        console.environment(),
                        Path.of("").toAbsolutePath()),
                console);
    }
}
