package gw.supervisor.delivery;

import gw.record.RecordFormat;
import gw.record.RecordView;
import gw.supervisor.log.DispatchLog;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogUsage;

import io.netty.util.concurrent.EventExecutor;

import org.jspecify.annotations.Nullable;

import java.io.UncheckedIOException;
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
    /** A bot that doesn't read leaves all of it in direct memory, which is bounded. */
    private static final long MOST_BYTES_IN_FLIGHT = 48L * 1024 * 1024;

    private final EventExecutor loop;
    private final DispatchLog log;
    private final DeliverySink sink;
    private final DeadLetters dead;
    private final DeliverySettings settings;
    private final InstantSource clock;
    private final RetryBackoff backoff;
    private final Deferrals deferrals;
    private final EventQueues queues;
    private final Outage outage;
    private final Failures failures;
    private final Batching batching;
    private final Ending ending;
    private final RecordView view = new RecordView();
    private final LatencyHistogram latency = new LatencyHistogram();

    private int inFlight;
    private long inFlightBytes;
    private long delivered;
    private long deadLettered;
    private boolean pumping;

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
        this.outage = new Outage(loop, backoff, settings.concurrency(), deferrals, this::pump);
        this.failures = new Failures(outage, clock);
        this.batching = new Batching(loop, log, queues, settings.batches(), this);
        this.ending = new Ending(loop, log, sink, () -> inFlight);
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
        // While the bot is away nothing comes of waiting: all of it is in the log.
        loop.execute(() -> ending.stop(outage.isOn() ? 0 : drain.toMillis(), answer));
        return answer;
    }

    /**
     * Begins nothing new any more and waits for what is under way.
     *
     * @return how many were still without an answer at the end of this time
     */
    public CompletableFuture<Integer> quiesce(Duration within) {
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        loop.execute(() -> ending.quiesce(within.toMillis(), answer));
        return answer;
    }

    private void pump() {
        if (pumping || ending.isNear()) {
            return;
        }
        pumping = true;
        queues.beginTurn();
        try {
            boolean more = true;
            while (more && !outage.isPausing() && hasRoom()) {
                more = settings.batches().on() ? sendBatch() : sendOne();
            }
        } finally {
            pumping = false;
        }
    }

    /** Whether one more may be under way. */
    private boolean hasRoom() {
        return inFlight < (outage.isOn() ? 1 : settings.concurrency())
                && (inFlight == 0 || inFlightBytes < MOST_BYTES_IN_FLIGHT);
    }

    /** False: there is nothing to send just now. */
    private boolean sendOne() {
        if (outage.isOn()) {
            // The next probe is to be another guild's.
            var _ = queues.readAhead();
        }
        GuildQueue ready = nextReady();
        if (ready != null) {
            send(ready);
        }
        return ready != null;
    }

    private boolean sendBatch() {
        if (outage.isOn()) {
            batching.dissolve();
            return sendOne();
        }
        while (!batching.isFull()) {
            GuildQueue ready = nextReady();
            if (ready == null) {
                break;
            }
            if (ready.alone > 0) {
                send(ready);
                return true;
            }
            batching.gather(ready);
        }
        if (batching.isEmpty()) {
            return false;
        }
        EventBatch batch = batching.next();
        if (!batch.isEmpty()) {
            batch.begins();
            send(batch);
            return true;
        }
        // Where all that was gathered had to go, there may be something to be told of it.
        return batching.isEmpty();
    }

    private @Nullable GuildQueue nextReady() {
        GuildQueue ready = queues.nextReady();
        if (ready == null && queues.hasMore()) {
            loop.execute(this::pump);
        }
        return ready;
    }

    private void send(GuildQueue queue) {
        if (queues.wantedHead(queue) == null) {
            queues.idle(queue);
            return;
        }
        queue.attempts++;
        send((Parcel) queue);
    }

    private void send(Parcel parcel) {
        inFlight++;
        for (int i = 0; i < parcel.size(); i++) {
            parcel.entry(i).underWay(true);
            inFlightBytes += parcel.entry(i).length();
        }
        try {
            sink.send(parcel);
        } catch (RuntimeException e) {
            // Not within this call: the pump is running.
            loop.execute(() ->
                    parcel.result(
                            new DeliveryResult.Retry(
                                    DeliveryResult.Kind.FAILED,
                                    "it could not be sent: " + e,
                                    Optional.empty())));
            return;
        }
        for (int i = 0; i < parcel.size(); i++) {
            // Most need no second try, and a slow bot would hold up the memory of all around them.
            if (!deferrals.keeps(parcel.entry(i))) {
                parcel.entry(i).detach();
            }
        }
    }

    /** The outcome of a try of one event. */
    void result(GuildQueue queue, DeliveryResult result) {
        if (ending.isOver()) {
            return;
        }
        ended(queue);
        switch (result) {
            case DeliveryResult.Delivered _ -> {
                failures.delivered();
                delivered(queue, 1);
            }
            case DeliveryResult.Refused refused -> refused(queue, refused);
            case DeliveryResult.Retry retry -> {
                if (failures.concernsAll(retry, queue.attempts)) {
                    wait(queue);
                    outage.begin(asked(retry));
                } else {
                    later(queue, Math.max(asked(retry), backoff.eventNanos(queue.attempts)));
                }
            }
        }
        goOn();
    }

    /** The outcome of a try of several. */
    void result(EventBatch batch, DeliveryResult result) {
        if (ending.isOver()) {
            return;
        }
        ended(batch);
        batch.ends();
        switch (result) {
            case DeliveryResult.Delivered _ -> {
                failures.delivered();
                batch.shares().forEach(share -> delivered(share.queue(), share.count()));
            }
            case DeliveryResult.Refused refused -> {
                failures.refused(refused);
                for (EventBatch.Share share : batch.shares()) {
                    // One of them is meant, nobody knows which: each is tried by itself.
                    share.queue().alone = share.count();
                    queues.runnable().addLast(share.queue());
                }
            }
            case DeliveryResult.Retry retry -> {
                boolean all = failures.concernsAll(retry, batch.attempt());
                for (EventBatch.Share share : batch.shares()) {
                    GuildQueue queue = share.queue();
                    if (all) {
                        wait(queue);
                    } else {
                        queue.alone = share.count();
                        later(queue, Math.max(asked(retry), backoff.eventNanos(queue.attempts)));
                    }
                }
                if (all) {
                    outage.begin(asked(retry));
                }
            }
        }
        goOn();
    }

    private void ended(Parcel parcel) {
        inFlight--;
        for (int i = 0; i < parcel.size(); i++) {
            parcel.entry(i).underWay(false);
            inFlightBytes -= parcel.entry(i).length();
        }
    }

    private void goOn() {
        pump();
        ending.look();
    }

    /** The first so many events of the order have come. */
    private void delivered(GuildQueue queue, int count) {
        delivered += count;
        long now = RecordFormat.micros(clock);
        for (int i = 0; i < count; i++) {
            LogEntry entry = queues.takeOut(queue);
            latency.record(now - entry.receivedAtMicros());
            release(entry);
        }
        next(queue);
    }

    private void release(LogEntry entry) {
        if (deferrals.keeps(entry)) {
            deferrals.settled(entry);
        }
        log.release(entry);
    }

    /** The order's next event has its turn. */
    private void next(GuildQueue queue) {
        if (queue.isEmpty()) {
            queues.idle(queue);
        } else {
            queues.runnable().addLast(queue);
        }
    }

    private void refused(GuildQueue queue, DeliveryResult.Refused refused) {
        failures.refused(refused);
        queue.refusals++;
        if (queue.refusals < settings.refusals() || !giveUp(queue, refused)) {
            later(queue, backoff.eventNanos(queue.attempts));
        }
    }

    /** The order goes on without its head; false: the disk doesn't give it back just now. */
    private boolean giveUp(GuildQueue queue, DeliveryResult.Refused refused) {
        try {
            queue.entry(0).view(view);
        } catch (UncheckedIOException e) {
            return false;
        }
        dead.write(view, refused.status(), refused.reason());
        deadLettered++;
        release(queues.takeOut(queue));
        next(queue);
        return true;
    }

    private static long asked(DeliveryResult.Retry retry) {
        return retry.retryAfter().map(Duration::toNanos).orElse(0L);
    }

    /** It waits with all others. */
    private void wait(GuildQueue queue) {
        queues.stick(queue);
        // To the end: the next probe is another guild's, for this event may be the only bad one.
        queues.runnable().addLast(queue);
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

    private DeliveryStats current() {
        LogUsage usage = log.usage();
        long oldest = usage.oldestAtMicros() == 0 ? Long.MAX_VALUE : usage.oldestAtMicros();
        oldest = Math.min(oldest, queues.oldestMicros());
        long age = oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.millis() - oldest / 1_000);
        return new DeliveryStats(
                inFlight,
                usage,
                delivered,
                failures.count(),
                deadLettered,
                failures.last(),
                failures.lastMillis(),
                age,
                !outage.isOn(),
                failures.problem(),
                latency.copy());
    }
}
