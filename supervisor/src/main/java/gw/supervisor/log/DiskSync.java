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
    private final Executor owner;
    private final Consumer<String> report;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("gw-log-sync").factory());
    private final List<Segment> dirty = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean running;
    private boolean failed;

    /**
     * Nothing is dirty.
     *
     * @param onClose whether the end is worth a sync
     * @param owner runs what waits on the log's thread
     */
    DiskSync(Path directory, boolean onClose, Executor owner, Consumer<String> report) {
        this.onClose = onClose;
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

    /** Runs this once all that was written until now is on the disk. */
    void then(Runnable task) {
        waiting.add(task);
        start();
    }

    /** Begins a sync, if there is something to sync and none runs. */
    void start() {
        if (running || (dirty.isEmpty() && waiting.isEmpty())) {
            return;
        }
        running = true;
        List<Segment> segments = List.copyOf(dirty);
        int[] lengths = segments.stream().mapToInt(Segment::length).toArray();
        List<Runnable> tasks = List.copyOf(waiting);
        dirty.clear();
        waiting.clear();
        thread.execute(() -> {
            String problem = force(segments);
            owner.execute(() -> done(segments, lengths, tasks, problem));
        });
    }

    private String force(List<Segment> segments) {
        try {
            for (Segment segment : segments) {
                try {
                    segment.force();
                } catch (NoSuchFileException | ClosedChannelException e) {
                    // Everything in it was delivered meanwhile, and it is gone.
                }
            }
            if (segments.size() > 1) {
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

    private void done(List<Segment> segments, int[] lengths, List<Runnable> tasks, String problem) {
        running = false;
        if (problem.isEmpty()) {
            failed = false;
            for (int i = 0; i < lengths.length; i++) {
                segments.get(i).synced(lengths[i]);
            }
        } else if (!failed) {
            // Once: a disk that fails goes on failing.
            failed = true;
            report.accept("the disk did not take what was written: " + problem);
        }
        // What is written is safe from all but a power cut, and not to go on would help nobody.
        tasks.forEach(Runnable::run);
        if (!waiting.isEmpty()) {
            start();
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
                var _ = force(last);
            });
        }
        dirty.clear();
        thread.shutdown();
        try {
            var _ = thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
