package gw.supervisor.delivery;

import gw.record.RecordFormat;
import gw.record.RecordView;
import gw.supervisor.log.DispatchLog;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogUsage;

import io.netty.util.concurrent.EventExecutor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * From the log to the bot. Events of one guild go one after another, those of different guilds side
 * by side. While nothing gets through (the bot is away, or wants less, or refuses all), one probe
 * at a time goes out. Owned by the data event loop; {@link #stats()}, {@link #stop} and {@link
 * #quiesce} are for any thread.
 */
public final class DeliveryLoop {
    /** So many failures in a row, of whatever guilds, are the bot's state and not an event's. */
    private static final int MANY_FAILURES = 8;

    /** Events that one turn of the loop may look at: others wait for it, too. */
    private static final int READS_A_TURN = 4_096;

    private final EventExecutor loop;
    private final DispatchLog log;
    private final DeliverySink sink;
    private final DeadLetters dead;
    private final DeliverySettings settings;
    private final InstantSource clock;
    private final RetryBackoff backoff;
    private final Deferrals deferrals;
    private final EventQueues queues;
    private final RecordView view = new RecordView();
    private final LatencyHistogram latency = new LatencyHistogram();

    private int inFlight;
    private long askedPauseNanos;
    private long delivered;
    private long retries;
    private long deadLettered;
    private String lastError = "";
    private long lastErrorMillis;
    private int failureStreak;
    private int outageProbes;
    private boolean outage;
    private boolean pausing;
    private Optional<String> problem = Optional.empty();
    private boolean pumping;
    private @Nullable CompletableFuture<Long> stopping;
    private boolean stopped;
    private @Nullable CompletableFuture<Integer> quiet;

    /** A loop that delivers once it is woken. */
    public DeliveryLoop(
            EventExecutor loop,
            DispatchLog log,
            DeliverySink sink,
            DeadLetters dead,
            DeliverySettings settings,
            InstantSource clock,
            RandomGenerator random) {
        this(loop, log, sink, dead, settings, clock, random, Deferrals.NONE);
    }

    /** One whose course somebody follows. */
    public DeliveryLoop(
            EventExecutor loop,
            DispatchLog log,
            DeliverySink sink,
            DeadLetters dead,
            DeliverySettings settings,
            InstantSource clock,
            RandomGenerator random,
            Deferrals deferrals) {
        this.loop = loop;
        this.log = log;
        this.sink = sink;
        this.dead = dead;
        this.settings = settings;
        this.clock = clock;
        this.backoff = new RetryBackoff(random);
        this.deferrals = deferrals;
        this.queues = new EventQueues(log, settings, this);
    }

    /** There is something new in the log. */
    public void wake() {
        pump();
    }

    /** How it stands. */
    public CompletableFuture<DeliveryStats> stats() {
        CompletableFuture<DeliveryStats> answer = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                answer.complete(current());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /**
     * Delivers what it can within this time and ends.
     *
     * @return how many events were left over
     */
    public CompletableFuture<Long> stop(Duration drain) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        loop.execute(() -> {
            if (stopping == null) {
                stopping = answer;
                // While the bot is away nothing comes of waiting: all of it is in the log.
                long patience = outage ? 0 : drain.toMillis();
                var _ = loop.schedule(this::finish, patience, TimeUnit.MILLISECONDS);
                finishIfEmpty();
            } else {
                var _ = stopping.thenAccept(answer::complete);
            }
        });
        return answer;
    }

    /**
     * Begins nothing new any more and waits for what is under way.
     *
     * @return how many were still without an answer at the end of this time
     */
    public CompletableFuture<Integer> quiesce(Duration within) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        loop.execute(() -> {
            quiet = answer;
            var _ =
                    loop.schedule(
                            () -> answer.complete(inFlight),
                            within.toMillis(),
                            TimeUnit.MILLISECONDS);
            completeIfQuiet();
        });
        return answer;
    }

    private void completeIfQuiet() {
        if (quiet != null && inFlight == 0) {
            var _ = quiet.complete(0);
        }
    }

    private void finishIfEmpty() {
        if (stopping != null && log.usage().events() == 0) {
            finish();
        }
    }

    private void finish() {
        if (!stopped && stopping != null) {
            stopped = true;
            long left = log.usage().events();
            sink.close();
            stopping.complete(left);
        }
    }

    private void pump() {
        if (pumping || stopped || quiet != null) {
            return;
        }
        pumping = true;
        int reads = 0;
        try {
            while (!pausing && inFlight < (outage ? 1 : settings.concurrency())) {
                if (outage) {
                    // The next probe is to be another guild's.
                    var _ = queues.readAhead();
                }
                GuildQueue ready = queues.runnable().pollFirst();
                if (ready != null) {
                    send(ready);
                } else if (!queues.readAhead()) {
                    if (log.hasMore()) {
                        loop.execute(this::pump);
                    }
                    break;
                } else if (++reads >= READS_A_TURN) {
                    loop.execute(this::pump);
                    break;
                }
            }
        } finally {
            pumping = false;
        }
    }

    private void send(GuildQueue queue) {
        LogEntry head = queues.wantedHead(queue);
        if (head == null) {
            queues.idle(queue);
            return;
        }
        inFlight++;
        queue.attempts++;
        head.underWay(true);
        try {
            sink.send(head, queue.attempts, queue);
            // Most need no second try, and a slow bot would hold up the memory of all around it.
            head.detach();
        } catch (RuntimeException e) {
            // Not within this call: the pump is running.
            loop.execute(() ->
                    queue.result(
                            new DeliveryResult.Retry(
                                    DeliveryResult.Kind.FAILED,
                                    "it could not be sent: " + e,
                                    Optional.empty())));
        }
    }

    void result(GuildQueue queue, DeliveryResult result) {
        if (stopped) {
            return;
        }
        inFlight--;
        LogEntry tried = queue.head();
        if (tried != null) {
            tried.underWay(false);
        }
        switch (result) {
            case DeliveryResult.Delivered _ -> {
                delivered++;
                measure(queue);
                succeeded();
                settled(queue);
            }
            case DeliveryResult.Refused refused -> refused(queue, refused);
            case DeliveryResult.Retry retry -> retry(queue, retry);
        }
        pump();
        finishIfEmpty();
        completeIfQuiet();
    }

    private void measure(GuildQueue queue) {
        LogEntry entry = queue.head();
        if (entry != null) {
            latency.record(RecordFormat.micros(clock) - entry.receivedAtMicros());
        }
    }

    private void succeeded() {
        endOutage();
        problem = Optional.empty();
    }

    private void endOutage() {
        failureStreak = 0;
        outageProbes = 0;
        if (outage) {
            outage = false;
            deferrals.botAway(false);
        }
    }

    private void settled(GuildQueue queue) {
        LogEntry entry = queues.takeOut(queue);
        deferrals.settled(entry);
        log.release(entry);
        if (queue.isEmpty()) {
            queues.idle(queue);
        } else {
            queues.runnable().addLast(queue);
        }
    }

    private void refused(GuildQueue queue, DeliveryResult.Refused refused) {
        // The bot is there and looked at it: no outage.
        endOutage();
        error(refused.reason());
        queue.refusals++;
        if (queue.refusals >= settings.refusals()) {
            LogEntry entry = queue.head();
            if (entry != null) {
                entry.view(view);
                dead.write(view, refused.status(), refused.reason());
            }
            deadLettered++;
            settled(queue);
        } else {
            later(queue, backoff.eventNanos(queue.attempts));
        }
    }

    private void retry(GuildQueue queue, DeliveryResult.Retry retry) {
        error(retry.reason());
        failureStreak++;
        long asked = retry.retryAfter().map(Duration::toNanos).orElse(0L);
        boolean many = failureStreak >= Math.max(MANY_FAILURES, settings.concurrency());
        boolean all =
                switch (retry.kind()) {
                    case UNREACHABLE -> true;
                    // While others get through, one that fails again fails for reasons of its own.
                    case SLOW_DOWN, MISCONFIGURED -> many || outage || queue.attempts == 1;
                    case FAILED -> many;
                };
        if (retry.kind() == DeliveryResult.Kind.MISCONFIGURED) {
            problem =
                    Optional.of(
                            "events are kept, the bot's URL or secret is wrong: " + retry.reason());
        } else if (all && retry.kind() != DeliveryResult.Kind.SLOW_DOWN) {
            problem = Optional.of("events wait for the bot: " + retry.reason());
        }
        queues.stick(queue);
        if (all) {
            // To the end: the next probe is another guild's, for this event may be the only bad
            // one.
            queues.runnable().addLast(queue);
            pauseAll(asked);
        } else {
            later(queue, Math.max(asked, backoff.eventNanos(queue.attempts)));
        }
    }

    private void pauseAll(long askedNanos) {
        if (!outage) {
            outage = true;
            deferrals.botAway(true);
        }
        askedPauseNanos = Math.max(askedPauseNanos, askedNanos);
        if (!pausing) {
            pausing = true;
            // Only probes count, not the many that were under way when the bot went.
            outageProbes++;
            pause(backoff.outageNanos(outageProbes));
        }
    }

    private void pause(long atLeastNanos) {
        long delayNanos = Math.max(askedPauseNanos, atLeastNanos);
        askedPauseNanos = 0;
        var _ =
                loop.schedule(
                        () -> {
                            if (askedPauseNanos > 0) {
                                // One of those that were under way was asked to wait longer.
                                pause(0);
                            } else {
                                pausing = false;
                                pump();
                            }
                        },
                        delayNanos,
                        TimeUnit.NANOSECONDS);
    }

    private void later(GuildQueue queue, long delayNanos) {
        queues.stick(queue);
        var _ =
                loop.schedule(
                        () -> {
                            queues.runnable().addLast(queue);
                            pump();
                        },
                        delayNanos,
                        TimeUnit.NANOSECONDS);
    }

    private void error(String reason) {
        retries++;
        lastError = reason;
        lastErrorMillis = clock.millis();
    }

    private DeliveryStats current() {
        LogUsage usage = log.usage();
        long oldest = usage.oldestAtMicros() == 0 ? Long.MAX_VALUE : usage.oldestAtMicros();
        oldest = Math.min(oldest, queues.oldestMicros());
        long age = oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.millis() - oldest / 1_000);
        return new DeliveryStats(
                inFlight,
                usage,
                delivered,
                retries,
                deadLettered,
                lastError,
                lastErrorMillis,
                age,
                !outage,
                problem,
                latency.copy());
    }
}
