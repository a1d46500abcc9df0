package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a log has said that it holds, and what it may therefore never forget: the model that a
 * crashed log is held against.
 */
final class CrashLedger {
    private static final Pattern GAP =
            Pattern.compile(
                    "\"reason\":\"(\\w+)\",\"events\":(\\d+),\"from\":\"([^\"]+)\",\"to\":\"([^\"]+)\"");

    private final List<Event> taken = new ArrayList<>();
    private final Map<String, Integer> index = new HashMap<>();
    private final BitSet settled = new BitSet();
    private final List<Gap> told = new ArrayList<>();
    private final Map<Long, Integer> reached = new HashMap<>();
    private final TreeMap<Integer, Session> sessions = new TreeMap<>();
    private final RecordView view = new RecordView();
    private List<Event> arriving = List.of();
    private @Nullable Session becoming;

    /** The events of one guild, or of one shard, have an order. */
    record Event(String id, long order) {
        static Event of(RecordView view) {
            return new Event(view.sessionId() + ":" + view.sequence(), CrashLedger.order(view));
        }
    }

    private record Gap(String reason, long order, long events, int from, int to) {}

    private record Session(int shard, String id, boolean ended) {}

    private static long order(RecordView view) {
        return view.guildId() != 0 ? view.guildId() : -1L - view.shardId();
    }

    /** These are about to be appended: a log that dies now may have some of them, or none. */
    void arriving(List<Event> events) {
        arriving = events.stream().filter(event -> !index.containsKey(event.id())).toList();
    }

    /** The log has returned. */
    void arrived(AppendResult result) {
        if (!result.full()) {
            assertThat(result.accepted()).isEqualTo(arriving.size());
            for (Event event : arriving) {
                index.put(event.id(), taken.size());
                taken.add(event);
            }
        }
        arriving = List.of();
    }

    void becoming(int shard, String id, boolean ended) {
        becoming = new Session(shard, id, ended);
    }

    void became() {
        Session session = becoming;
        if (session != null) {
            sessions.put(session.shard(), session);
            becoming = null;
        }
    }

    /** The bot has answered 2xx. */
    void delivered(LogEntry entry) {
        entry.view(view);
        if (view.kind() == RecordKind.GAP) {
            Gap gap = gap();
            told.add(gap);
            reach(reached, gap.order(), gap.to());
            return;
        }
        Event event = Event.of(view);
        int at = place(event.id());
        assertThat(settled.get(at)).as("%s was settled once", event.id()).isFalse();
        settled.set(at);
        reach(reached, event.order(), at);
    }

    /** Events of one order, and what is said about those that are lost, come in this order. */
    private void reach(Map<Long, Integer> so, long order, int at) {
        Integer before = so.put(order, at);
        assertThat(before == null || before < at).as("%s came after %s", at, before).isTrue();
    }

    private Gap gap() {
        Matcher matcher = GAP.matcher(view.payloadText());
        assertThat(matcher.find()).as(view.payloadText()).isTrue();
        return new Gap(
                matcher.group(1),
                order(view),
                Long.parseLong(matcher.group(2)),
                place(matcher.group(3)),
                place(matcher.group(4)));
    }

    private int place(String id) {
        Integer known = index.get(id);
        if (known != null) {
            return known;
        }
        for (int i = 0; i < arriving.size(); i++) {
            if (arriving.get(i).id().equals(id)) {
                return taken.size() + i;
            }
        }
        throw new AssertionError(id + " was never given to the log");
    }

    /**
     * Takes everything out of a log that was found after a crash.
     *
     * @param idle whether the log had returned from all that it was told to do
     */
    void check(SegmentLog log, boolean idle) {
        checkSessions(log);
        long said = log.usage().events();
        BitSet came = new BitSet();
        Map<Long, Integer> now = new HashMap<>(reached);
        List<Gap> gaps = new ArrayList<>(told);
        int last = -1;
        int entries = 0;
        for (LogEntry entry = log.next(); entry != null; entry = log.next()) {
            entries++;
            entry.view(view);
            if (view.kind() == RecordKind.GAP) {
                Gap gap = gap();
                gaps.add(gap);
                reach(now, gap.order(), gap.to());
            } else {
                int at = place(Event.of(view).id());
                assertThat(settled.get(at)).as("%s comes again", Event.of(view)).isFalse();
                assertThat(at).as("order at %s", Event.of(view)).isGreaterThan(last);
                assertThat(view.payloadText())
                        .isEqualTo("{\"id\":\"" + Event.of(view).id() + "\"}");
                came.set(at);
                last = at;
                reach(now, Event.of(view).order(), at);
            }
            log.release(entry);
        }
        // What is found too old on the way becomes fewer.
        assertThat(said).isGreaterThanOrEqualTo(entries);
        BitSet missing = new BitSet();
        for (int i = 0; i < taken.size(); i++) {
            if (!settled.get(i) && !came.get(i)) {
                missing.set(i);
                assertThat(isAnnounced(i, gaps)).as("%s is announced", taken.get(i)).isTrue();
            }
        }
        long announced = gaps.stream().mapToLong(Gap::events).sum();
        if (idle) {
            assertThat(announced).as("events that are announced").isEqualTo(missing.cardinality());
            for (Gap gap : gaps) {
                assertThat(within(gap, missing))
                        .as("%s among %s, %s missing", gap, gaps, missing)
                        .isEqualTo(gap.events());
            }
        } else {
            assertThat(announced)
                    .as("events that are announced")
                    .isGreaterThanOrEqualTo(missing.cardinality());
        }
    }

    private long within(Gap gap, BitSet missing) {
        return missing.stream()
                .filter(at ->
                        at >= gap.from() && at <= gap.to() && taken.get(at).order() == gap.order())
                .count();
    }

    private boolean isAnnounced(int at, List<Gap> gaps) {
        long order = taken.get(at).order();
        return gaps.stream()
                .anyMatch(gap -> gap.order() == order && gap.from() <= at && at <= gap.to());
    }

    private void checkSessions(SegmentLog log) {
        Set<Session> found = new HashSet<>();
        for (KeptSession kept : log.sessions()) {
            Optional<KeptSession> next =
                    log.sessions().stream()
                            .filter(one -> one.shardId() == kept.shardId() && !one.ended())
                            .findFirst();
            if (kept.ended() && next.isPresent()) {
                // Its end is to be announced by the first record of the next, which isn't there.
                assertThat(highest(taken, next.get().sessionId())).as("%s", next).isZero();
                continue;
            }
            found.add(new Session(kept.shardId(), kept.sessionId(), kept.ended()));
            long highest = highest(taken, kept.sessionId());
            assertThat(kept.sequence())
                    .as("sequence of %s", kept)
                    .isBetween(highest, Math.max(highest, highest(arriving, kept.sessionId())));
        }
        Set<Session> now = new HashSet<>(sessions.values());
        Session told = becoming;
        if (told != null && !found.equals(now)) {
            now.removeIf(session -> session.shard() == told.shard());
            now.add(told);
        }
        assertThat(found).isEqualTo(now);
    }

    private static long highest(List<Event> events, String session) {
        return events.stream()
                .map(Event::id)
                .filter(id -> id.startsWith(session + ":"))
                .mapToLong(id -> Long.parseLong(id.substring(session.length() + 1)))
                .max()
                .orElse(0);
    }

    @Override
    public String toString() {
        return taken.size()
                + " taken, "
                + settled.cardinality()
                + " settled, "
                + told.stream().mapToLong(Gap::events).sum()
                + " dropped and told";
    }
}
