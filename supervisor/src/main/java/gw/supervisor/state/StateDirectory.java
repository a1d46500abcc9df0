package gw.supervisor.state;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The directory that one supervisor has for itself while it runs: a lock says so. What it holds is
 * listed in docs/architecture.md. Any thread may ask for paths; one opens and closes.
 */
public final class StateDirectory implements AutoCloseable {
    private static final String LOCK = "supervisor.lock";
    private static final String WORKERS = "workers";

    private final Path dir;
    private final SocketPaths sockets;
    private final FileChannel lockFile;

    private StateDirectory(Path dir, SocketPaths sockets, FileChannel lockFile) {
        this.dir = dir;
        this.sockets = sockets;
        this.lockFile = lockFile;
    }

    /** {@code $XDG_STATE_HOME/gw}, or {@code ~/.local/state/gw}. Absolute; need not exist. */
    public static Path defaultPath(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        if (state.startsWith("/")) {
            return Path.of(state, "gw");
        }
        String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
        return Path.of(home, ".local", "state", "gw").toAbsolutePath();
    }

    /**
     * Makes the directory where it is missing, readable by this user alone, and takes its lock.
     *
     * @param environment the process's variables: they say where short socket paths go
     * @throws UserError when another supervisor has it, or when it can't be used
     */
    public static StateDirectory open(Path dir, Map<String, String> environment) throws UserError {
        Path absolute = dir.toAbsolutePath().normalize();
        OwnDirectory.state(absolute);
        FileChannel lockFile = lock(absolute);
        try {
            SocketPaths sockets = SocketPaths.fresh(absolute, environment);
            OwnDirectory.state(absolute.resolve(WORKERS));
            if (sockets.runtimeDirectory().isPresent()) {
                OwnDirectory.shared(sockets.runtimeDirectory().get());
            }
            point(absolute, sockets);
            return new StateDirectory(absolute, sockets, lockFile);
        } catch (UserError | RuntimeException e) {
            release(lockFile);
            throw e;
        }
    }

    /**
     * The process id of the supervisor that has this directory, as far as its file tells. Takes no
     * lock and disturbs nobody; empty when none runs.
     */
    public static Optional<Long> runningPid(Path dir) {
        return LockHolder.read(dir.resolve(LOCK)).filter(LockHolder::isAlive).map(LockHolder::pid);
    }

    /** The directory itself, absolute. */
    public Path path() {
        return dir;
    }

    /** Where workers dial. */
    public Path linkSocket() {
        return sockets.link();
    }

    /** Where the control API listens, unless the user chose another place. */
    public Path controlSocket() {
        return sockets.control();
    }

    /** For the workers' output, crash and heap dump files. Exists. */
    public Path workersDirectory() {
        return dir.resolve(WORKERS);
    }

    /** The session start limit, counted down. */
    public Path identifyBudgetFile() {
        return dir.resolve("identify-budget.json");
    }

    /** The queue of this bot; made by whoever opens it. Each bot has its own. */
    public Path logDirectory(String bot) {
        return dir.resolve("log").resolve(bot);
    }

    /** Which interactions gw has answered in the bot's place. */
    public Path deferredFile() {
        return dir.resolve("deferred");
    }

    /** What Discord said last to {@code /gateway/bot}. */
    public Path planFile() {
        return dir.resolve("plan.json");
    }

    /** Which generation of this bot's shards serves, and which one is to follow it. */
    public Path generationsFile(String bot) {
        return dir.resolve("generations-" + bot + ".json");
    }

    /** What a generation of this bot's shards that isn't in charge yet has brought. */
    public Path shadowLogFile(String bot) {
        return dir.resolve("next-generation-" + bot + ".gwlog");
    }

    /** In which guilds this bot is, and how that changed. */
    public Path guildsFile(String bot) {
        return dir.resolve("guilds-" + bot);
    }

    /** Until when Discord wants its REST API not to be asked. */
    public Path toldWaitFile() {
        return dir.resolve("api-wait");
    }

    /** Events that the bot refused for good. */
    public Path deadLetterFile() {
        return dir.resolve("dead-letters.jsonl");
    }

    /** Removes the sockets and gives the lock back; the rest stays. A second call does nothing. */
    @Override
    public void close() {
        if (!lockFile.isOpen()) {
            return;
        }
        remove(sockets.link());
        remove(sockets.control());
        sockets.runtimeDirectory()
                .ifPresent(runtime -> {
                    remove(runtime);
                    remove(SocketPaths.pointer(dir));
                });
        release(lockFile);
    }

    private static FileChannel lock(Path dir) throws UserError {
        Path file = dir.resolve(LOCK);
        FileChannel channel;
        try {
            channel =
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw unlockable(file, e);
        }
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw taken(dir, file);
            }
            locked = true;
            name(channel);
            return channel;
        } catch (OverlappingFileLockException e) {
            throw taken(dir, file);
        } catch (IOException e) {
            throw unlockable(file, e);
        } finally {
            if (!locked) {
                shut(channel);
            }
        }
    }

    /** For people: the lock itself needs no room on a full disk. */
    private static void name(FileChannel channel) {
        try {
            LockHolder.thisProcess().write(channel);
        } catch (IOException e) {
            // Then its pid isn't shown.
        }
    }

    private static UserError taken(Path dir, Path file) {
        String pid = LockHolder.read(file).map(holder -> " (pid " + holder.pid() + ")").orElse("");
        return new UserError(
                ExitCode.IN_USE,
                "another supervisor" + pid + " uses " + dir,
                "Look at it with gw status --state-dir "
                        + dir
                        + ", stop it with gw stop, or give this one another --state-dir.");
    }

    private static UserError unlockable(Path file, IOException e) {
        return new UserError(
                ExitCode.CONFIG,
                "the lock " + file + " can't be taken: " + e.getClass().getSimpleName(),
                "Choose another directory with --state-dir, on a local disk.",
                e);
    }

    private static void point(Path dir, SocketPaths sockets) throws UserError {
        Path pointer = SocketPaths.pointer(dir);
        if (Files.isSymbolicLink(pointer)) {
            remove(pointer);
        }
        if (sockets.runtimeDirectory().isEmpty()) {
            return;
        }
        try {
            Files.createSymbolicLink(pointer, sockets.runtimeDirectory().get());
        } catch (IOException e) {
            throw new UserError(
                    ExitCode.CONFIG,
                    "the link " + pointer + " can't be made: " + e.getClass().getSimpleName(),
                    "Choose another directory with --state-dir.",
                    e);
        }
    }

    /** The lock file stays: taking it away would let two supervisors lock two files of one name. */
    private static void release(FileChannel lockFile) {
        try {
            lockFile.truncate(0);
        } catch (IOException e) {
            // Its process is told from others by its start time.
        }
        shut(lockFile);
    }

    private static void shut(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // The system frees the lock with the process.
        }
    }

    private static void remove(Path file) {
        try {
            var _ = Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next supervisor removes it before it binds.
        }
    }
}
