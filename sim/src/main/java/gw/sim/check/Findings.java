package gw.sim.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts flaws and keeps the first few of each kind. Owned by one thread. */
final class Findings {
    private static final int KEPT = 10;

    private final Map<Flaw, Long> counts = new EnumMap<>(Flaw.class);
    private final Map<Flaw, List<String>> first = new EnumMap<>(Flaw.class);

    void add(Flaw flaw, String words) {
        counts.merge(flaw, 1L, Long::sum);
        List<String> kept = first.computeIfAbsent(flaw, _ -> new ArrayList<>());
        if (kept.size() < KEPT) {
            kept.add(words);
        }
    }

    long count(Flaw flaw) {
        return counts.getOrDefault(flaw, 0L);
    }

    Map<Flaw, List<String>> first() {
        Map<Flaw, List<String>> copy = new EnumMap<>(Flaw.class);
        first.forEach((flaw, words) -> copy.put(flaw, List.copyOf(words)));
        return copy;
    }
}
