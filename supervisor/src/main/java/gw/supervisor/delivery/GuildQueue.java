package gw.supervisor.delivery;

import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogPlace;

import io.netty.util.collection.LongObjectHashMap;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * The events of one order, a guild or a shard, which go one after another; as a parcel it is its
 * head alone.
 */
final class GuildQueue implements Parcel {
    private final DeliveryLoop loop;
    private final int mostInMemory;
    private final ArrayDeque<LogEntry> entries = new ArrayDeque<>(4);
    long key;
    LongObjectHashMap<GuildQueue> home;
    int attempts;

    /** So many of its events went together with others in vain: each goes alone. */
    int alone;

    int refusals;
    boolean busy;

    /** So many of its first events are in a list that is under way: nothing comes between them. */
    int underWay;

    /** From here on its events were passed over and given back; null: none was. */
    @Nullable LogPlace skippedFrom;

    /** Waits for a retry, alone or with all others: it holds on to as little memory as it can. */
    boolean stuck;

    /**
     * An empty one.
     *
     * @param mostInMemory events that wait with their bytes at hand
     */
    GuildQueue(DeliveryLoop loop, int mostInMemory, long key, LongObjectHashMap<GuildQueue> home) {
        this.loop = loop;
        this.mostInMemory = mostInMemory;
        this.key = key;
        this.home = home;
    }

    /** An empty one is another order's now. */
    void begin(long newKey, LongObjectHashMap<GuildQueue> newHome) {
        key = newKey;
        home = newHome;
        attempts = 0;
        refusals = 0;
        alone = 0;
        busy = false;
        underWay = 0;
        skippedFrom = null;
        stuck = false;
    }

    /** Whether this one has to come again later, because so many are stuck or were passed over. */
    boolean passesOver(LogEntry entry, int most) {
        LogPlace since = skippedFrom;
        if (since != null) {
            int behind = entry.place().compareTo(since);
            return entry.isInLog() ? behind >= 0 : behind > 0;
        }
        if (stuck && entries.size() >= most && entry.isInLog()) {
            skippedFrom = entry.place();
            return true;
        }
        return false;
    }

    /** Takes an event behind all others, and an announcement where its events stood. */
    void add(LogEntry entry) {
        // Each holds on to all that was read together with it: few are to wait like that.
        if (stuck
                || entries.size() >= mostInMemory
                || (!entries.isEmpty() && entry.memoryIsScarce())) {
            entry.detach();
        }
        if (entry.isInLog()) {
            entries.addLast(entry);
        } else {
            insert(entry);
        }
    }

    private void insert(LogEntry notice) {
        ArrayDeque<LogEntry> later = new ArrayDeque<>(4);
        // The head has been tried, or is under way by itself.
        while (entries.size() > Math.max(busy ? 1 : 0, underWay)
                && entries.getLast().place().compareTo(notice.place()) > 0) {
            later.addFirst(entries.removeLast());
        }
        entries.addLast(notice);
        entries.addAll(later);
    }

    void addFirst(LogEntry entry) {
        entries.addFirst(entry);
    }

    @Nullable LogEntry head() {
        return entries.peekFirst();
    }

    LogEntry remove() {
        refusals = 0;
        stuck = false;
        alone = Math.max(0, alone - 1);
        // Those that are to go alone have been under way together.
        attempts = alone > 0 ? 1 : 0;
        return entries.removeFirst();
    }

    void stick() {
        if (!stuck) {
            stuck = true;
            entries.forEach(LogEntry::detach);
        }
    }

    /** How many are at hand. */
    int waiting() {
        return entries.size();
    }

    /** Those at hand, in their order. */
    Iterable<LogEntry> entries() {
        return entries;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public LogEntry entry(int index) {
        return entries.getFirst();
    }

    @Override
    public int attempt() {
        return attempts;
    }

    long bytes() {
        long bytes = 0;
        for (LogEntry entry : entries) {
            bytes += entry.length();
        }
        return bytes;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public void result(DeliveryResult result) {
        loop.result(this, result);
    }
}
