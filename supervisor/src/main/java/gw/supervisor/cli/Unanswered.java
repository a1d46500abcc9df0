package gw.supervisor.cli;

import gw.supervisor.config.ControlAddress;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import io.grpc.StatusRuntimeException;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;

/** Finds out why nothing answered at a control address, and says it. */
final class Unanswered {
    private static final String LOCK_FILE = "supervisor.lock";
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
        OptionalLong holder = holder(stateDir.resolve(LOCK_FILE));
        if (holder.isPresent()) {
            return new UserError(
                    ExitCode.IN_USE,
                    "a supervisor (pid "
                            + holder.getAsLong()
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
                        .map(dir -> holder(dir.resolve(LOCK_FILE)))
                        .filter(OptionalLong::isPresent)
                        .map(holder -> " (pid " + holder.getAsLong() + ")")
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

    /** The pid of the supervisor that holds the lock, if one does. */
    private static OptionalLong holder(Path lockFile) {
        try {
            long pid = Long.parseLong(Files.readString(lockFile).strip());
            boolean alive = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
            // The lock is only tried when its holder seems alive, so that a supervisor that starts
            // just now never finds it taken by us.
            return alive && isLocked(lockFile) ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static boolean isLocked(Path lockFile) throws IOException {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }
}
