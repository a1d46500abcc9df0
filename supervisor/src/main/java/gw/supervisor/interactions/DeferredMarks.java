package gw.supervisor.interactions;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which events were deferred and not settled yet, for as long as the bot can follow up. Bounded:
 * the oldest are forgotten first. Owned by the data event loop.
 */
final class DeferredMarks {
    static final int MAX = 50_000;

    /** For so long an interaction's token is good. */
    static final long LIFE_NANOS = TimeUnit.MINUTES.toNanos(15);

    private record Mark(int callbackType, long receivedNanos) {}

    private final Map<String, Mark> marks = new LinkedHashMap<>();

    void add(String key, int callbackType, long receivedNanos, long nowNanos) {
        Iterator<Mark> oldest = marks.values().iterator();
        while (oldest.hasNext()) {
            Mark mark = oldest.next();
            if (marks.size() < MAX && nowNanos - mark.receivedNanos() < LIFE_NANOS) {
                break;
            }
            oldest.remove();
        }
        marks.put(key, new Mark(callbackType, receivedNanos));
    }

    void remove(String key) {
        marks.remove(key);
    }

    boolean has(String key) {
        return marks.containsKey(key);
    }

    /** The callback's type; 0: it was not deferred, or too long ago to matter. */
    int callbackType(String key, long nowNanos) {
        Mark mark = marks.get(key);
        return mark == null || nowNanos - mark.receivedNanos() >= LIFE_NANOS
                ? 0
                : mark.callbackType();
    }

    /** Those that still count, oldest first, with their times from the wall clock. */
    List<MarkFile.Line> lines(long nowNanos, long nowMillis) {
        List<MarkFile.Line> lines = new ArrayList<>(marks.size());
        marks.forEach((key, mark) -> {
            long age = nowNanos - mark.receivedNanos();
            if (age < LIFE_NANOS) {
                lines.add(
                        new MarkFile.Line(
                                key,
                                mark.callbackType(),
                                nowMillis - TimeUnit.NANOSECONDS.toMillis(age)));
            }
        });
        return lines;
    }

    int size() {
        return marks.size();
    }
}
