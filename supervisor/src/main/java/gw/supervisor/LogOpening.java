package gw.supervisor;

import gw.supervisor.config.QueueConfig;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.log.LogLimits;
import gw.supervisor.log.LogSettings;
import gw.supervisor.log.LogWatcher;
import gw.supervisor.log.NewerLogException;
import gw.supervisor.log.NoRoomException;
import gw.supervisor.log.SegmentLog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Opens the log of this bot, and says what is wrong when it can't be had. */
final class LogOpening {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final long LOOK_AGAIN_MILLIS = 250;

    private LogOpening() {}

    static SegmentLog open(
            Path directory,
            QueueConfig queue,
            InstantSource clock,
            Executor owner,
            LogWatcher watcher)
            throws UserError, InterruptedException {
        LogSettings settings =
                new LogSettings(
                        directory,
                        LogLimits.of(queue.maxBytes(), queue.maxEvents()),
                        queue.maxAge(),
                        queue.ttl(),
                        queue.whenFull(),
                        queue.fsync(),
                        queue.catchUp(),
                        bootId());
        boolean told = false;
        while (true) {
            try {
                return open(settings, clock, owner, watcher);
            } catch (NoRoomException e) {
                // The workers hold what they take; to give up would lose it.
                if (!told) {
                    told = true;
                    System.err.println(
                            "gw: the disk of "
                                    + directory
                                    + " is full: gw starts when there is some room");
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
            }
        }
    }

    private static SegmentLog open(
            LogSettings settings, InstantSource clock, Executor owner, LogWatcher watcher)
            throws UserError, NoRoomException {
        Path directory = settings.directory();
        try {
            return SegmentLog.open(
                    settings,
                    clock,
                    owner,
                    line -> System.err.println("gw: the log: " + line),
                    watcher);
        } catch (NoRoomException e) {
            throw e;
        } catch (NewerLogException e) {
            throw new UserError(
                    ExitCode.CONFIG,
                    "the queue was written by a newer version of gw: " + e.getMessage(),
                    "Start that version again, or move "
                            + directory
                            + " away: the events in it are then not delivered.",
                    e);
        } catch (IOException e) {
            throw new UserError(
                    ExitCode.CONFIG,
                    "the queue in " + directory + " can't be opened: " + e.getMessage(),
                    "gw needs to write there, and some megabytes of room.",
                    e);
        }
    }

    /** Names this run of the machine; empty where the system has no such thing. */
    private static String bootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** What lies beside this bot's queue, in words: it is not touched. */
    static List<String> others(Path directory) {
        Path parent = directory.getParent();
        if (parent == null) {
            return List.of();
        }
        try (Stream<Path> queues = Files.list(parent)) {
            return queues.filter(queue ->
                            !queue.equals(directory) && !queue.endsWith("trial") && isQueue(queue))
                    .map(queue ->
                            "the queue of another bot is in "
                                    + queue
                                    + ": it is not used, and goes on when that bot is started")
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean isQueue(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".gwlog"));
        } catch (IOException e) {
            return false;
        }
    }

    /** Removes a queue, all of it. */
    static void discard(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                var _ = Files.deleteIfExists(file);
            }
        }
        var _ = Files.deleteIfExists(directory);
    }
}
