package gw.supervisor.delivery;

import gw.supervisor.log.DispatchLog;
import gw.supervisor.log.LogEntry;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Gathers events that go with one request: at once when it is full, else when the first of them has
 * waited long enough for company. Owned by the data event loop.
 */
final class Batching {
    /** A body is not much larger than this: bots limit theirs. */
    static final int MOST_BYTES = 1024 * 1024;

    private final EventExecutor loop;
    private final DispatchLog log;
    private final EventQueues queues;
    private final BatchSettings settings;
    private final DeliveryLoop delivery;
    private final ArrayDeque<GuildQueue> gathered = new ArrayDeque<>();
    private final List<LogEntry> share = new ArrayList<>();
    private int events;
    private @Nullable ScheduledFuture<?> lingering;
    private boolean due;

    /** Nothing is gathered yet. */
    Batching(
            EventExecutor loop,
            DispatchLog log,
            EventQueues queues,
            BatchSettings settings,
            DeliveryLoop delivery) {
        this.loop = loop;
        this.log = log;
        this.queues = queues;
        this.settings = settings;
        this.delivery = delivery;
    }

    /** An order whose events may go now; those that come behind them are counted when it goes. */
    void gather(GuildQueue queue) {
        gathered.addLast(queue);
        events += queue.waiting();
    }

    /** Nothing is gathered. */
    boolean isEmpty() {
        return gathered.isEmpty();
    }

    /** As many events are gathered as one request may hold. */
    boolean isFull() {
        return events >= settings.most();
    }

    /**
     * What is to be sent now.
     *
     * @return an empty batch: nothing is
     */
    EventBatch next() {
        EventBatch batch = new EventBatch(delivery);
        if (gathered.isEmpty()) {
            return batch;
        }
        // More may have come behind those that were gathered.
        count();
        if (!isFull() && !due && !settings.linger().isZero()) {
            linger();
            return batch;
        }
        endLinger();
        long bytes = 0;
        while (batch.size() < settings.most() && bytes < MOST_BYTES) {
            GuildQueue queue = gathered.pollFirst();
            if (queue == null) {
                break;
            }
            LogEntry head = queues.wantedHead(queue);
            if (head == null) {
                queues.idle(queue);
                continue;
            }
            if (bytes > 0 && bytes + head.length() > MOST_BYTES) {
                gathered.addFirst(queue);
                break;
            }
            bytes += take(queue, settings.most() - batch.size(), MOST_BYTES - bytes);
            batch.add(queue, share);
            share.clear();
        }
        count();
        return batch;
    }

    /** Puts the first events of an order into the share: at least its head. */
    private long take(GuildQueue queue, int most, long mostBytes) {
        long bytes = 0;
        for (LogEntry entry : queue.entries()) {
            boolean fits = share.size() < most && bytes + entry.length() <= mostBytes;
            // What a limit has dropped has its turn as the head, for something stands in its place.
            if (!share.isEmpty() && (!fits || !log.isWanted(entry))) {
                break;
            }
            share.add(entry);
            bytes += entry.length();
        }
        return bytes;
    }

    private void linger() {
        if (lingering == null) {
            lingering =
                    loop.schedule(
                            () -> {
                                lingering = null;
                                due = true;
                                delivery.wake();
                            },
                            settings.linger().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    private void endLinger() {
        due = false;
        if (lingering != null) {
            var _ = lingering.cancel(false);
            lingering = null;
        }
    }

    /** Nothing is to go together any more: what was gathered has its turn alone, in its order. */
    void dissolve() {
        while (!gathered.isEmpty()) {
            queues.runnable().addFirst(gathered.removeLast());
        }
        count();
    }

    private void count() {
        events = 0;
        for (GuildQueue queue : gathered) {
            events += queue.waiting();
        }
    }
}
