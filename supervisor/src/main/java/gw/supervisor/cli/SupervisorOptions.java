package gw.supervisor.cli;

import gw.supervisor.config.ControlAddress;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** The options that say which supervisor is meant. */
final class SupervisorOptions {
    static final String STATE_DIR_VARIABLE = "GW_STATE_DIR";
    static final String CONTROL_VARIABLE = "GW_CONTROL";

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = {
                "The state directory of the supervisor that is meant.",
                "Environment: GW_STATE_DIR"
            })
    private @Nullable Path stateDir;

    @Option(
            names = "--control",
            paramLabel = "ADDRESS",
            description = {
                "Its control address, when it is not the socket in the state directory: host:port"
                        + " or the path of a Unix socket.",
                "Environment: GW_CONTROL"
            })
    private @Nullable String control;

    /**
     * Which supervisor is meant: an option goes before the environment, an address before a
     * directory.
     *
     * @throws UserError when an address is malformed
     */
    ControlTarget target(Console console) throws UserError {
        if (control != null) {
            return ControlTarget.at(address("--control", control));
        }
        if (stateDir != null) {
            return ControlTarget.of(stateDir, console);
        }
        String variable = console.variable(CONTROL_VARIABLE);
        if (!variable.isEmpty()) {
            return ControlTarget.at(address(CONTROL_VARIABLE, variable));
        }
        return ControlTarget.of(console);
    }

    private static ControlAddress address(String source, String text) throws UserError {
        String path = text.startsWith("unix:") ? text.substring("unix:".length()) : text;
        if (path.indexOf('/') >= 0) {
            return new ControlAddress.Unix(Path.of(path).toAbsolutePath());
        }
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            try {
                int port = Integer.parseInt(text.substring(colon + 1));
                if (port > 0 && port <= 65_535) {
                    return new ControlAddress.Tcp(host(text.substring(0, colon)), port);
                }
            } catch (NumberFormatException e) {
                throw malformed(source, text, e);
            }
        }
        throw malformed(source, text, null);
    }

    private static String host(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        return bracketed ? text.substring(1, text.length() - 1) : text;
    }

    private static UserError malformed(String source, String text, @Nullable Throwable cause) {
        String message =
                source + ": " + text + " (expected: host:port or the path of a Unix socket)";
        return cause == null
                ? new UserError(ExitCode.CONFIG, message, "")
                : new UserError(ExitCode.CONFIG, message, "", cause);
    }
}
