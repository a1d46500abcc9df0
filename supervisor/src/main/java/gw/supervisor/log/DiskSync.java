package gw.supervisor.log;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Makes the disk hold what was written, by a thread of its own, and runs what waits for it: one
 * sync serves all that came while the one before ran. Owned by the log's thread.
 */
final class DiskSync implements AutoCloseable {
    private static final long CLOSE_MILLIS = 1_500;

    private final Path directory;
    private final boolean onClose;
    private final boolean withMaps;
    private final GapJournal journal;
    private final Executor owner;
    private final Consumer<String> report;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("gw-log-sync").factory());
    private final List<Segment> dirty = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final List<Runnable> removals = new ArrayList<>();
    private boolean newFiles;
    private boolean running;
    private boolean failed;

    /**
     * Nothing is dirty.
     *
     * @param onClose whether the end is worth a sync
     * @param withMaps whether what is settled is synced, too. Left out it costs no event, only that
     *     some come again after a power cut
     * @param journal of the announcements, which is synced with the segments
     * @param owner runs what waits on the log's thread
     */
    DiskSync(
            Path directory,
            boolean onClose,
            boolean withMaps,
            GapJournal journal,
            Executor owner,
            Consumer<String> report) {
        this.journal = journal;
        this.onClose = onClose;
        this.withMaps = withMaps;
        this.directory = directory;
        this.owner = owner;
        this.report = report;
    }

    /** Something was written to it. */
    void touched(Segment segment) {
        if (dirty.isEmpty() || dirty.getLast() != segment) {
            dirty.add(segment);
        }
    }

    /** It is gone. */
    void forget(Segment segment) {
        dirty.remove(segment);
    }

    /** A file was made: the directory has to be synced, too. */
    void madeFile() {
        newFiles = true;
    }

    /** Runs this after the next sync: it must not happen before what was written is safe. */
    void afterwards(Runnable removal) {
        removals.add(removal);
    }

    /** Does at once what waits for a sync: the disk is full, and its room is needed. */
    void hurry() {
        List<Runnable> now = List.copyOf(removals);
        removals.clear();
        now.forEach(Runnable::run);
    }

    /** Runs this once all that was written until now is on the disk. */
    void then(Runnable task) {
        waiting.add(task);
        start();
    }

    /** Begins a sync, if there is something to sync and none runs. */
    void start() {
        if (running || (dirty.isEmpty() && waiting.isEmpty() && removals.isEmpty())) {
            return;
        }
        running = true;
        List<Segment> segments = List.copyOf(dirty);
        int[] lengths = segments.stream().mapToInt(Segment::length).toArray();
        List<Runnable> tasks = List.copyOf(waiting);
        List<Runnable> after = List.copyOf(removals);
        boolean withDirectory = newFiles;
        dirty.clear();
        waiting.clear();
        removals.clear();
        newFiles = false;
        thread.execute(() -> {
            String problem = force(segments, withDirectory);
            owner.execute(() -> done(segments, lengths, tasks, after, problem));
        });
    }

    private String force(List<Segment> segments, boolean withDirectory) {
        try {
            for (Segment segment : segments) {
                try {
                    segment.force(withMaps);
                } catch (NoSuchFileException | ClosedChannelException e) {
                    // Everything in it was delivered meanwhile, and it is gone.
                }
            }
            journal.force();
            if (withDirectory) {
                force(directory);
            }
            return "";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel listing = FileChannel.open(directory, StandardOpenOption.READ)) {
            listing.force(true);
        }
    }

    private void done(
            List<Segment> segments,
            int[] lengths,
            List<Runnable> tasks,
            List<Runnable> after,
            String problem) {
        running = false;
        if (problem.isEmpty()) {
            failed = false;
            for (int i = 0; i < lengths.length; i++) {
                segments.get(i).synced(lengths[i]);
            }
            after.forEach(Runnable::run);
        } else {
            // The system may have forgotten what it could not write.
            segments.forEach(Segment::doubt);
            removals.addAll(after);
        }
        if (!problem.isEmpty() && !failed) {
            // Once: a disk that fails goes on failing.
            failed = true;
            report.accept("the disk did not take what was written: " + problem);
        }
        if (problem.isEmpty()) {
            tasks.forEach(Runnable::run);
            if (!waiting.isEmpty()) {
                start();
            }
        } else {
            // Tried again with the next tick: what is not on the disk is not safe.
            dirty.addAll(segments);
            waiting.addAll(0, tasks);
        }
    }

    /** Whether the last sync failed. */
    boolean failed() {
        return failed;
    }

    /** Syncs all, for a moment, and ends. */
    @Override
    public void close() {
        if (onClose) {
            List<Segment> last = List.copyOf(dirty);
            thread.execute(() -> {
                var _ = force(last, newFiles);
            });
        }
        dirty.clear();
        thread.shutdown();
        try {
            var _ = thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hurry();
    }
}
