package gw.sim.bot;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps what was settled, up to a limit. Any thread. */
final class Inbox {
    private static final int MAX_GAPS = 100_000;
    private static final int MAX_NAMES = 100_000;

    private final int maxEvents;
    private final List<ReceivedEvent> events = new ArrayList<>();
    private final List<ReceivedGap> gaps = new ArrayList<>();
    private final List<ReceivedNotice> notices = new ArrayList<>();
    private final Map<SenderFault, Long> faults = new EnumMap<>(SenderFault.class);
    private final Map<String, String> names = new HashMap<>();
    private long count;
    private long requests;
    private long places;
    private boolean full;

    Inbox(int maxEvents) {
        this.maxEvents = maxEvents;
    }

    /** What one request held: all of it at once. */
    synchronized void settled(
            List<ReceivedEvent> newEvents,
            List<ReceivedGap> newGaps,
            List<ReceivedNotice> newNotices) {
        count += newEvents.size() + newGaps.size() + newNotices.size();
        keep(newEvents, events, maxEvents);
        keep(newGaps, gaps, MAX_GAPS);
        keep(newNotices, notices, MAX_GAPS);
    }

    private <T> void keep(List<T> more, List<T> kept, int most) {
        int room = most - kept.size();
        full |= more.size() > room;
        kept.addAll(more.subList(0, Math.min(room, more.size())));
    }

    /** Events share the few names and sessions that there are. */
    synchronized String shared(String name) {
        if (names.size() >= MAX_NAMES) {
            names.clear();
        }
        String known = names.putIfAbsent(name, name);
        return known == null ? name : known;
    }

    synchronized void requested() {
        requests++;
    }

    /** The first of so many places among all arrivals. */
    synchronized long places(int many) {
        places += many;
        return places - many;
    }

    synchronized void fault(SenderFault fault) {
        faults.merge(fault, 1L, Long::sum);
    }

    synchronized long count() {
        return count;
    }

    synchronized long requests() {
        return requests;
    }

    synchronized Received snapshot() {
        return new Received(events, gaps, notices, faults, full);
    }

    synchronized void clear() {
        events.clear();
        gaps.clear();
        notices.clear();
        faults.clear();
        names.clear();
        count = 0;
        full = false;
    }
}
