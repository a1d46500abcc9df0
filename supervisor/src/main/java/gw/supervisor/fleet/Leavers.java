package gw.supervisor.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Workers of a supervisor before that don't fit: told to leave, awaited, and killed when they don't
 * go. Until they are gone they hold sockets of shards that others are to have. Owned by the control
 * thread.
 */
final class Leavers {
    private static final long LOOK_MILLIS = 50;

    /** A killed process that is still there after so long is not waited for any more. */
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(2);

    private record Leaver(int cluster, WorkerProcess process) {}

    private final List<Leaver> present = new ArrayList<>();
    private final ScheduledExecutorService control;
    private final Consumer<Integer> left;
    private final CompletableFuture<Void> allGone = new CompletableFuture<>();

    /**
     * Nobody yet.
     *
     * @param left told each cluster whose process is gone
     */
    Leavers(ScheduledExecutorService control, Consumer<Integer> left) {
        this.control = control;
        this.left = left;
    }

    /** Another one that has to go. */
    void add(int cluster, WorkerProcess process) {
        present.add(new Leaver(cluster, process));
    }

    boolean isEmpty() {
        return present.isEmpty();
    }

    /**
     * Tells them.
     *
     * @param limit after which they are killed
     * @return done, on the control thread, when none is left
     */
    CompletableFuture<Void> dismiss(Duration limit) {
        present.forEach(each -> each.process.destroy());
        look(limit.toMillis() / LOOK_MILLIS);
        return allGone;
    }

    /** Ends their patience. */
    void kill() {
        present.forEach(each -> each.process.destroyForcibly());
    }

    private void look(long looksLeft) {
        present.forEach(each -> each.process.look());
        present.removeIf(each -> {
            boolean gone = each.process.exited().isDone();
            if (gone) {
                left.accept(each.cluster);
            }
            return gone;
        });
        if (looksLeft == 0) {
            kill();
        }
        if (looksLeft == -KILLED_WITHIN.toMillis() / LOOK_MILLIS) {
            present.clear();
        }
        if (present.isEmpty()) {
            allGone.complete(null);
        } else {
            var _ = control.schedule(() -> look(looksLeft - 1), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
