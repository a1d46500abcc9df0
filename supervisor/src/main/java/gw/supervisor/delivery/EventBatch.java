package gw.supervisor.delivery;

import gw.supervisor.log.LogEntry;

import java.util.ArrayList;
import java.util.List;

/** Events of several orders that go together. Owned by the data event loop. */
final class EventBatch implements Parcel {
    private final DeliveryLoop loop;
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<Share> shares = new ArrayList<>();
    private int attempt = 1;

    /** The first so many events of one order. */
    record Share(GuildQueue queue, int count) {}

    EventBatch(DeliveryLoop loop) {
        this.loop = loop;
    }

    /** Takes in the first events of an order, in their order. */
    void add(GuildQueue queue, List<LogEntry> first) {
        shares.add(new Share(queue, first.size()));
        entries.addAll(first);
        attempt = Math.max(attempt, queue.attempts + 1);
    }

    /** A try begins. */
    void begins() {
        for (Share share : shares) {
            share.queue().attempts++;
            share.queue().underWay = share.count();
        }
    }

    /** It is over, however it went. */
    void ends() {
        shares.forEach(share -> share.queue().underWay = 0);
    }

    List<Share> shares() {
        return shares;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public LogEntry entry(int index) {
        return entries.get(index);
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public void result(DeliveryResult result) {
        loop.result(this, result);
    }
}
