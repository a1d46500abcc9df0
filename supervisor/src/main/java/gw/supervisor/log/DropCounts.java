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
        total++;
        TreeMap<String, Long> types = counts.computeIfAbsent(reason, _ -> new TreeMap<>());
        String type = record.name();
        types.merge(
                types.size() < MOST_TYPES || types.containsKey(type) ? type : "OTHER",
                1L,
                Long::sum);
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
