package gw.supervisor.cli;

import gw.supervisor.config.ControlAddress;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.state.StateDirectory;

import io.grpc.StatusRuntimeException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Finds out why nothing answered at a control address, and says it. */
final class Unanswered {
    private static final String START_ONE = "Start one with gw start.";

    private Unanswered() {}

    /** The call could not be made, or broke off. */
    static UserError unavailable(ControlTarget target, StatusRuntimeException e) {
        if (e.getCause() == null) {
            // These words come from the supervisor itself, or the connection was lost.
            return new UserError(
                    ExitCode.REFUSED,
                    "the supervisor "
                            + target.words()
                            + " did not serve the call: "
                            + e.getStatus().getDescription(),
                    "Try again in a moment.",
                    e);
        }
        if (target.address() instanceof ControlAddress.Unix unix && isForbidden(unix.path())) {
            return new UserError(
                    ExitCode.CONFIG,
                    unix.path() + ": permission denied",
                    "The supervisor belongs to another user: run gw as that user.",
                    e);
        }
        if (target.stateDir().isEmpty()) {
            return new UserError(
                    ExitCode.NOT_RUNNING, "no supervisor answers " + target.words(), START_ONE, e);
        }
        Path stateDir = target.stateDir().get();
        Optional<Long> holder = StateDirectory.runningPid(stateDir);
        if (holder.isPresent()) {
            return new UserError(
                    ExitCode.IN_USE,
                    "a supervisor (pid "
                            + holder.get()
                            + ") holds "
                            + stateDir
                            + ", but nothing answers on "
                            + target.address(),
                    "If it was started with --control, give the same --control here."
                            + " Otherwise it is starting or stopping: try again in a moment.",
                    e);
        }
        return new UserError(
                ExitCode.NOT_RUNNING, "no supervisor runs on " + stateDir, START_ONE, e);
    }

    /** The call was made, and no answer came in time. */
    static UserError slow(ControlTarget target, Duration within, Throwable cause) {
        String pid =
                target.stateDir()
                        .flatMap(StateDirectory::runningPid)
                        .map(holder -> " (pid " + holder + ")")
                        .orElse("");
        return new UserError(
                ExitCode.IN_USE,
                "the supervisor"
                        + pid
                        + " "
                        + target.words()
                        + " did not answer within "
                        + Words.duration(within.toMillis()),
                "It is overloaded or hangs: its process is there, try again in a moment.",
                cause);
    }

    private static boolean isForbidden(Path socket) {
        boolean hidden = !Files.exists(socket) && !Files.notExists(socket);
        return hidden || (Files.exists(socket) && !Files.isWritable(socket));
    }
}
