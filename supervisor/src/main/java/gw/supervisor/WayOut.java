package gw.supervisor;

import gw.supervisor.Supervisor.Ending;
import gw.supervisor.delivery.DeadLetters;
import gw.supervisor.delivery.DeliveryLoop;
import gw.supervisor.log.SegmentLog;

import io.netty.channel.EventLoop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The two ways in which a supervisor ends: all stops, or the next one takes its place while the
 * workers go on. Any thread.
 */
final class WayOut {
    /** Workers that have not left by then are killed. */
    private static final Duration WORKERS_LEAVE_WITHIN = Duration.ofSeconds(2);

    /** What was taken from Discord last gets this long to reach the bot. */
    private static final Duration DRAIN = Duration.ofMillis(1_200);

    /** Before a hand-over: what is under way need not be sent again if it is answered by then. */
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(2);

    private static final long LOG_CLOSES_WITHIN_SECONDS = 12;

    private final Runnable beforeStop;
    private final Optional<Path> trialQueue;
    private final ShardControl shards;
    private final DeliveryLoop delivery;
    private final InteractionPath interactions;
    private final Runnable sessionsOver;
    private final Runnable lastWrites;
    private final List<AutoCloseable> servers;
    private final SegmentLog log;
    private final DeadLetters deadLetters;
    private final ScheduledExecutorService control;
    private final EventLoop loop;
    private final CompletableFuture<Ending> ended = new CompletableFuture<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<Boolean> stopWanted = new CompletableFuture<>();

    /**
     * Nothing ends yet.
     *
     * @param beforeStop runs once before the workers are told to leave
     * @param trialQueue removed at the end: it is of no use to anybody
     * @param sessionsOver hears that Discord has ended all sessions
     * @param lastWrites writes what is kept beside the log
     * @param servers what is closed in this order, the workers' link last
     * @param loop the data event loop, whose group is shut down
     */
    WayOut(
            Runnable beforeStop,
            Optional<Path> trialQueue,
            ShardControl shards,
            DeliveryLoop delivery,
            InteractionPath interactions,
            Runnable sessionsOver,
            Runnable lastWrites,
            List<AutoCloseable> servers,
            SegmentLog log,
            DeadLetters deadLetters,
            ScheduledExecutorService control,
            EventLoop loop) {
        this.beforeStop = beforeStop;
        this.trialQueue = trialQueue;
        this.shards = shards;
        this.delivery = delivery;
        this.interactions = interactions;
        this.sessionsOver = sessionsOver;
        this.lastWrites = lastWrites;
        this.servers = servers;
        this.log = log;
        this.deadLetters = deadLetters;
        this.control = control;
        this.loop = loop;
    }

    /** Done when everything has stopped. */
    CompletableFuture<Ending> ended() {
        return ended;
    }

    /** Begins to stop; a second call does nothing. */
    void stop(boolean keepSessions) {
        // A hand-over that has begun looks for this wish before it leaves the workers alone.
        var _ = stopWanted.complete(keepSessions);
        if (ending.compareAndSet(false, true)) {
            Thread _ = Thread.ofPlatform().name("gw-stop").start(() -> stopAll(keepSessions));
        }
    }

    /** Begins to make way; false: it is ending already. */
    boolean handOver() {
        if (!ending.compareAndSet(false, true)) {
            return false;
        }
        Thread _ = Thread.ofPlatform().name("gw-hand-over").start(this::makeWay);
        return true;
    }

    private void stopAll(boolean keepSessions) {
        long undelivered = 0;
        try {
            guarded(beforeStop::run);
            CompletableFuture<Void> gone = new CompletableFuture<>();
            control.execute(() -> {
                var _ =
                        shards.stop(WORKERS_LEAVE_WITHIN, keepSessions)
                                .thenRun(() -> gone.complete(null));
            });
            gone.completeOnTimeout(null, WORKERS_LEAVE_WITHIN.toMillis() * 2, TimeUnit.MILLISECONDS)
                    .join();
            undelivered = delivery.stop(DRAIN).join();
            interactions.close();
            if (!keepSessions) {
                guarded(sessionsOver::run);
            }
        } finally {
            servers.forEach(server -> guarded(server::close));
            close(new Ending(undelivered, false, keepSessions));
        }
    }

    private void makeWay() {
        control.execute(shards::handOver);
        var _ = delivery.quiesce(ANSWERS_WITHIN).join();
        if (stopWanted.isDone()) {
            stopAll(stopWanted.join());
            return;
        }
        long left = 0;
        try {
            // From here the workers keep what they receive until the next supervisor answers.
            guarded(servers.getLast()::close);
            left = delivery.stop(Duration.ZERO).join();
            servers.subList(0, servers.size() - 1).forEach(server -> guarded(server::close));
        } finally {
            close(new Ending(left, true, true));
        }
    }

    /** The last step of either end: what is written is safe on disk when {@link #ended} is done. */
    private void close(Ending how) {
        guarded(lastWrites::run);
        try {
            CompletableFuture.runAsync(log::close, loop)
                    .get(LOG_CLOSES_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What was written is safe; the next start finds out what was settled.
            Supervisor.unexpected(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        trialQueue.ifPresent(queue -> guarded(() -> LogOpening.discard(queue)));
        deadLetters.close();
        control.shutdownNow();
        var _ = loop.parent().shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
        ended.complete(how);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** The steps after it have to be done all the same. */
    private static void guarded(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            Supervisor.unexpected(e);
        }
    }
}
