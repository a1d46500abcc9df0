package gw.supervisor.delivery;

import gw.record.RecordView;
import gw.supervisor.log.DispatchLog;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogPlace;
import gw.supervisor.log.LogUsage;

import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.concurrent.EventExecutor;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
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

    /** What a guild that is stuck holds at hand; the rest is read when its time comes. */
    private static final int MOST_STUCK = 16;

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
    private final LongObjectHashMap<GuildQueue> queues = new LongObjectHashMap<>();

    /** Interactions that overtook their guild's order have one of their own. */
    private final LongObjectHashMap<GuildQueue> overtaking = new LongObjectHashMap<>();

    private final ArrayDeque<GuildQueue> runnable = new ArrayDeque<>();
    private final RecordView view = new RecordView();
    private final LatencyHistogram latency = new LatencyHistogram();

    private int inFlight;
    private long askedPauseNanos;
    private int windowEvents;
    private long windowBytes;
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
    }

    /** There is something new in the log. */
    public void wake() {
        pump();
    }

    /** How it stands. */
    public CompletableFuture<DeliveryStats> stats() {
        CompletableFuture<DeliveryStats> answer = new CompletableFuture<>();
        loop.execute(() -> answer.complete(current()));
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
                var _ = loop.schedule(this::finish, drain.toMillis(), TimeUnit.MILLISECONDS);
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
                    var _ = readAhead();
                }
                GuildQueue ready = runnable.pollFirst();
                if (ready != null) {
                    send(ready);
                } else if (!readAhead()) {
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

    /** Takes one more event from the log; false when there is none, or no room. */
    private boolean readAhead() {
        if (windowEvents >= settings.maxWindowEvents()
                || windowBytes >= settings.maxWindowBytes()) {
            return false;
        }
        LogEntry entry = log.next();
        if (entry == null) {
            return false;
        }
        long key = entry.guildId() != 0 ? entry.guildId() : -1L - entry.shardId();
        LongObjectHashMap<GuildQueue> home = entry.overtakes() ? overtaking : queues;
        GuildQueue queue = home.get(key);
        if (queue == null) {
            queue = new GuildQueue(this, key, home);
            home.put(key, queue);
        }
        if (queue.passesOver(entry, MOST_STUCK)) {
            log.giveBack(entry);
            return true;
        }
        queue.add(entry);
        // What is stuck waits outside of the window, or one guild could shut it for all others.
        if (!queue.stuck) {
            windowEvents++;
            windowBytes += entry.length();
        }
        if (!queue.busy) {
            queue.busy = true;
            runnable.addLast(queue);
        }
        return true;
    }

    private void send(GuildQueue queue) {
        LogEntry head = queue.head();
        while (head != null && !log.isWanted(head)) {
            LogEntry instead = log.announcement(head);
            var _ = takeOut(queue);
            if (instead != null) {
                putFirst(queue, instead);
            }
            head = queue.head();
        }
        if (head == null) {
            idle(queue);
            return;
        }
        inFlight++;
        queue.attempts++;
        head.underWay(true);
        try {
            sink.send(head, queue.attempts, queue);
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
            Instant now = clock.instant();
            long nowMicros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
            latency.record(nowMicros - entry.receivedAtMicros(view));
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
        log.release(takeOut(queue));
        if (queue.isEmpty()) {
            idle(queue);
        } else {
            runnable.addLast(queue);
        }
    }

    private LogEntry takeOut(GuildQueue queue) {
        boolean wasStuck = queue.stuck;
        LogEntry entry = queue.remove();
        deferrals.settled(entry);
        if (wasStuck) {
            count(queue, 1);
        } else {
            windowEvents--;
            windowBytes -= entry.length();
        }
        return entry;
    }

    private void putFirst(GuildQueue queue, LogEntry entry) {
        queue.addFirst(entry);
        windowEvents++;
        windowBytes += entry.length();
    }

    /** Nothing of this order is at hand any more; what was passed over has its turn now. */
    private void idle(GuildQueue queue) {
        queue.busy = false;
        queue.home.remove(queue.key);
        LogPlace skipped = queue.skippedFrom;
        if (skipped != null) {
            queue.skippedFrom = null;
            log.rewind(skipped);
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
        stick(queue);
        if (all) {
            // To the end: the next probe is another guild's, for this event may be the only bad
            // one.
            runnable.addLast(queue);
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

    private void stick(GuildQueue queue) {
        if (!queue.stuck) {
            count(queue, -1);
            queue.stick();
        }
    }

    /** Takes all of a queue's events into the window, or out of it. */
    private void count(GuildQueue queue, int sign) {
        windowEvents += sign * queue.size();
        windowBytes += sign * queue.bytes();
    }

    private void later(GuildQueue queue, long delayNanos) {
        stick(queue);
        var _ =
                loop.schedule(
                        () -> {
                            runnable.addLast(queue);
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
        for (GuildQueue queue : queues.values()) {
            oldest = Math.min(oldest, queue.oldestMicros(view));
        }
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
