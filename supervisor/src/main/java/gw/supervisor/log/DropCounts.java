package gw.supervisor.log;

import gw.record.RecordView;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was dropped, by reason and type. Owned by one thread. */
final class DropCounts {
    /** Types come from outside: no more than these are told apart. */
    private static final int MOST_TYPES = 200;

    private final Map<DropReason, TreeMap<String, Long>> counts = new EnumMap<>(DropReason.class);
    private long total;

    void add(RecordView record, DropReason reason) {
        add(record.name(), 1, reason);
    }

    void add(String type, long events, DropReason reason) {
        total += events;
        merge(counts.computeIfAbsent(reason, _ -> new TreeMap<>()), type, events);
    }

    void add(DropCounts others) {
        total += others.total;
        others.counts.forEach((reason, types) -> {
            TreeMap<String, Long> mine = counts.computeIfAbsent(reason, _ -> new TreeMap<>());
            types.forEach((type, events) -> merge(mine, type, events));
        });
    }

    private static void merge(Map<String, Long> types, String type, long events) {
        boolean known = types.size() < MOST_TYPES || types.containsKey(type);
        types.merge(known ? type : "OTHER", events, Long::sum);
    }

    long total() {
        return total;
    }

    List<LogUsage.Drop> all() {
        List<LogUsage.Drop> all = new ArrayList<>();
        counts.forEach((reason, types) ->
                types.forEach((type, events) -> all.add(new LogUsage.Drop(reason, type, events))));
        return all;
    }
}
