package gw.supervisor.delivery;

import gw.supervisor.log.LogEntry;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/** The events of one order, a guild or a shard: one at a time is under way. */
final class GuildQueue implements DeliverySink.Outcome {
    private final DeliveryLoop loop;
    private final ArrayDeque<LogEntry> entries = new ArrayDeque<>(4);
    final long key;
    int attempts;
    int refusals;
    boolean busy;

    /** Waits for a retry, alone or with all others: it holds on to as little memory as it can. */
    boolean stuck;

    GuildQueue(DeliveryLoop loop, long key) {
        this.loop = loop;
        this.key = key;
    }

    void add(LogEntry entry) {
        if (stuck) {
            entry.detach();
        }
        entries.addLast(entry);
    }

    @Nullable LogEntry head() {
        return entries.peekFirst();
    }

    LogEntry remove() {
        attempts = 0;
        refusals = 0;
        stuck = false;
        return entries.removeFirst();
    }

    void stick() {
        if (!stuck) {
            stuck = true;
            entries.forEach(LogEntry::detach);
        }
    }

    int size() {
        return entries.size();
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
