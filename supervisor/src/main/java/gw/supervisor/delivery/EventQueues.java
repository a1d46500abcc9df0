package gw.supervisor.delivery;

import gw.supervisor.log.DispatchLog;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogPlace;

import io.netty.util.collection.LongObjectHashMap;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * The events at hand, a queue for each order (a guild, or a shard): read ahead from the log within
 * a window, so that there is work for other guilds while one waits. Owned by the data event loop.
 */
final class EventQueues {
    /** What a guild that is stuck holds at hand; the rest is read when its time comes. */
    private static final int MOST_STUCK = 16;

    private static final int MOST_SPARE = 256;

    /** Odd, so that no two keys become one. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Events that one turn of the loop may look at: others wait for it, too. */
    private static final int READS_A_TURN = 4_096;

    private final DispatchLog log;
    private final DeliverySettings settings;
    private final DeliveryLoop loop;
    private final LongObjectHashMap<GuildQueue> queues = new LongObjectHashMap<>();

    /** Interactions that overtook their guild's order have one of their own. */
    private final LongObjectHashMap<GuildQueue> overtaking = new LongObjectHashMap<>();

    private final ArrayDeque<GuildQueue> runnable = new ArrayDeque<>();

    /** Empty ones, to be used again: most guilds' come and go with each event. */
    private final ArrayDeque<GuildQueue> spare = new ArrayDeque<>();

    private int windowEvents;
    private int reads;
    private boolean gaveUp;
    private long windowBytes;

    /** Nothing at hand yet; {@code loop} hears the outcomes. */
    EventQueues(DispatchLog log, DeliverySettings settings, DeliveryLoop loop) {
        this.log = log;
        this.settings = settings;
        this.loop = loop;
    }

    /** Those whose head may be sent now, in turn. */
    ArrayDeque<GuildQueue> runnable() {
        return runnable;
    }

    /** The thread was with others meanwhile. */
    void beginTurn() {
        reads = 0;
        gaveUp = false;
    }

    /** One whose head may be sent; null: there is none, or {@link #hasMore}. */
    @Nullable GuildQueue nextReady() {
        while (true) {
            GuildQueue ready = runnable.pollFirst();
            if (ready != null) {
                return ready;
            }
            if (!readAhead()) {
                gaveUp = log.hasMore();
                return null;
            }
            reads++;
            if (reads >= READS_A_TURN) {
                gaveUp = true;
                return null;
            }
        }
    }

    /** Whether {@link #nextReady} gave up its turn though there may be more. */
    boolean hasMore() {
        return gaveUp;
    }

    /** Takes one more event from the log; false when there is none, or no room. */
    boolean readAhead() {
        if (windowEvents >= settings.maxWindowEvents()
                || windowBytes >= settings.maxWindowBytes()) {
            return false;
        }
        LogEntry entry = log.next();
        if (entry == null) {
            return false;
        }
        // Ids of a time are alike: spread, they don't crowd in one part of the table.
        long key = SPREAD * (entry.guildId() != 0 ? entry.guildId() : -1L - entry.shardId());
        LongObjectHashMap<GuildQueue> home = entry.overtakes() ? overtaking : queues;
        GuildQueue queue = home.get(key);
        if (queue == null) {
            queue = begin(key, home);
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
            if (entry.overtakes()) {
                runnable.addFirst(queue);
            } else {
                runnable.addLast(queue);
            }
        }
        return true;
    }

    private GuildQueue begin(long key, LongObjectHashMap<GuildQueue> home) {
        GuildQueue queue = spare.pollLast();
        if (queue == null) {
            queue = new GuildQueue(loop, settings.mostInMemory(), key, home);
        } else {
            queue.begin(key, home);
        }
        home.put(key, queue);
        return queue;
    }

    /** The first event that is still to be delivered; what a limit has dropped before it goes. */
    @Nullable LogEntry wantedHead(GuildQueue queue) {
        LogEntry head = queue.head();
        while (head != null && !log.isWanted(head)) {
            LogEntry instead = log.announcement(head);
            var _ = takeOut(queue);
            if (instead != null) {
                queue.addFirst(instead);
                windowEvents++;
                windowBytes += instead.length();
            }
            head = queue.head();
        }
        return head;
    }

    /** Takes the head away; the queue is stuck no longer. */
    LogEntry takeOut(GuildQueue queue) {
        boolean wasStuck = queue.stuck;
        LogEntry entry = queue.remove();
        if (wasStuck) {
            count(queue, 1);
        } else {
            windowEvents--;
            windowBytes -= entry.length();
        }
        return entry;
    }

    /** It waits for a retry: its events leave the window. */
    void stick(GuildQueue queue) {
        if (!queue.stuck) {
            count(queue, -1);
            queue.stick();
        }
    }

    /** Nothing of this order is at hand any more; what was passed over has its turn now. */
    void idle(GuildQueue queue) {
        queue.busy = false;
        queue.home.remove(queue.key);
        LogPlace skipped = queue.skippedFrom;
        if (skipped != null) {
            queue.skippedFrom = null;
            log.rewind(skipped);
        }
        if (spare.size() < MOST_SPARE) {
            spare.addLast(queue);
        }
    }

    /** When the oldest event at hand was taken, microseconds since the epoch; the most: none is. */
    long oldestMicros() {
        long oldest = Long.MAX_VALUE;
        for (GuildQueue queue : queues.values()) {
            LogEntry head = queue.head();
            if (head != null) {
                oldest = Math.min(oldest, head.receivedAtMicros());
            }
        }
        return oldest;
    }

    /** Takes all of a queue's events into the window, or out of it. */
    private void count(GuildQueue queue, int sign) {
        windowEvents += sign * queue.waiting();
        windowBytes += sign * queue.bytes();
    }
}
