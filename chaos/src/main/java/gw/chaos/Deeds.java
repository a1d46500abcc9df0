package gw.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What was done so far. Any thread. */
final class Deeds {
    /** No action lasts so long: one that was begun and isn't over ends there. */
    private static final long OPEN_NANOS = TimeUnit.HOURS.toNanos(1);

    private final LongSupplier nanos;
    private final List<Deed> deeds = new ArrayList<>();

    Deeds(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** It begins now; gives its place for {@link #over}. */
    synchronized int begin(Action action) {
        long now = nanos.getAsLong();
        deeds.add(new Deed(action, now, now + OPEN_NANOS));
        return deeds.size() - 1;
    }

    /** Its effect was taken back now. */
    synchronized void over(int place) {
        Deed deed = deeds.get(place);
        deeds.set(place, new Deed(deed.action(), deed.beginNanos(), nanos.getAsLong()));
    }

    synchronized List<Deed> all() {
        return List.copyOf(deeds);
    }

    synchronized int count() {
        return deeds.size();
    }

    /** How many of each kind. */
    static Map<Kind, Long> byKind(List<Deed> deeds) {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        deeds.forEach(deed -> counts.merge(deed.action().kind(), 1L, Long::sum));
        return counts;
    }
}
