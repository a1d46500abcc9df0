package gw.supervisor;

import gw.record.RecordView;
import gw.supervisor.config.DeferInteractions;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.delivery.Deferrals;
import gw.supervisor.interactions.DeferDesk;
import gw.supervisor.interactions.DeferStats;
import gw.supervisor.interactions.http.HttpDeferTransport;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogWatcher;

import io.netty.channel.EventLoop;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Tells the desk of the interactions among all events, and the delivery what the desk did. When gw
 * defers nothing, nobody is told anything. Its own methods are for any thread; what it hands out is
 * owned by the data event loop.
 */
final class InteractionPath {
    private static final byte[] NAME = "INTERACTION_CREATE".getBytes(StandardCharsets.US_ASCII);

    private final EventLoop loop;
    private final Optional<DeferDesk> desk;

    private InteractionPath(EventLoop loop, Optional<DeferDesk> desk) {
        this.loop = loop;
        this.desk = desk;
    }

    /**
     * The path that this configuration asks for.
     *
     * @param kept holds what was deferred, for the supervisor that follows
     */
    static InteractionPath of(
            SupervisorConfig config,
            String version,
            EventLoop loop,
            InstantSource clock,
            Path kept) {
        if (config.deferInteractions() == DeferInteractions.OFF) {
            return new InteractionPath(loop, Optional.empty());
        }
        DeferDesk desk =
                new DeferDesk(
                        config.deferInteractions() == DeferInteractions.EPHEMERAL,
                        config.deferAfter(),
                        new HttpDeferTransport(
                                config.apiUrl(),
                                "DiscordBot (gw, " + version + ")",
                                HttpDeferTransport.DEFAULT_TIMEOUT,
                                loop),
                        (task, delayNanos) -> {
                            var _ = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
                        },
                        clock,
                        System::nanoTime);
        desk.keepIn(kept, line -> System.err.println("gw: " + line));
        return new InteractionPath(loop, Optional.of(desk));
    }

    /** To be shown each record that came into the log, once. */
    LogWatcher watcher() {
        return desk.<LogWatcher>map(to -> record -> accepted(to, record)).orElse(LogWatcher.NONE);
    }

    private static void accepted(DeferDesk desk, RecordView record) {
        if (record.nameEquals(NAME)) {
            desk.dispatched(
                    key(record),
                    record.array(),
                    record.payloadOffset(),
                    record.payloadLength(),
                    record.receivedAtMicros());
        }
    }

    /** For the delivery. */
    Deferrals deferrals() {
        return desk.<Deferrals>map(OfDesk::new).orElse(Deferrals.NONE);
    }

    private record OfDesk(DeferDesk desk, RecordView view) implements Deferrals {
        OfDesk(DeferDesk desk) {
            this(desk, new RecordView());
        }

        @Override
        public int callbackType(RecordView record) {
            return record.nameEquals(NAME) ? desk.callbackType(key(record)) : 0;
        }

        @Override
        public boolean keeps(LogEntry entry) {
            if (!entry.isAtHand()) {
                return false;
            }
            entry.view(view);
            return view.nameEquals(NAME);
        }

        @Override
        public void settled(LogEntry entry) {
            entry.view(view);
            desk.settled(key(view));
        }

        @Override
        public void botAway(boolean away) {
            desk.botAway(away);
        }
    }

    private static String key(RecordView record) {
        return record.sessionId() + ":" + record.sequence();
    }

    CompletableFuture<DeferStats> stats() {
        return desk.map(one -> CompletableFuture.supplyAsync(one::stats, loop))
                .orElseGet(() -> CompletableFuture.completedFuture(DeferStats.NONE));
    }

    void close() {
        desk.ifPresent(one -> loop.execute(one::close));
    }
}
