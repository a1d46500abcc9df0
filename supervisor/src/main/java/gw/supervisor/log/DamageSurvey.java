package gw.supervisor.log;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what stood where a segment can't be read any more. A session's sequences have no holes,
 * so those around such a place tell which are missing, and of which shard (P1). Used once.
 */
final class DamageSurvey {
    private final Segment segment;
    private final SeenSequences seen;
    private final RecordView view = new RecordView();
    private final List<Stretch> stretches = new ArrayList<>();
    private final Map<Integer, Mark> marks = new HashMap<>();
    private final List<Missing> missing = new ArrayList<>();

    /** Before the first event. */
    private int headStretches;

    /**
     * A place that can't be read.
     *
     * @param settled how many events in it the bot has
     */
    record Stretch(int offset, int bytes, int settled, String what) {}

    /**
     * Events of one session that the log held and can't give.
     *
     * @param place where they stood, or the first of them
     * @param first sequence; 0: nobody can know
     * @param last sequence
     * @param fromMicros when the last one before them came; 0: nobody can know
     * @param toMicros when the first one after them came
     */
    record Loss(
            LogPlace place,
            int shardId,
            int shardCount,
            String sessionId,
            long first,
            long last,
            long fromMicros,
            long toMicros) {
        /** How many at most; 0: nobody can know. */
        long events() {
            return first == 0 ? 0 : last - first + 1;
        }
    }

    private record Missing(int stretch, Loss loss) {}

    /** How far a shard's session was read, and how many stretches stood before that. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole, never changed.
    private record Mark(
            int shardId,
            int shardCount,
            byte[] session,
            long sequence,
            long micros,
            int stretches) {
        static Mark of(RecordView record, int stretches) {
            return new Mark(
                    record.shardId(),
                    record.shardCount(),
                    Arrays.copyOfRange(
                            record.array(),
                            record.sessionOffset(),
                            record.sessionOffset() + record.sessionLength()),
                    Math.max(0, record.sequence()),
                    record.receivedAtMicros(),
                    stretches);
        }

        String sessionId() {
            return new String(session, StandardCharsets.ISO_8859_1);
        }
    }

    /** Of this segment; nothing is read yet. */
    DamageSurvey(Segment segment, SeenSequences seen) {
        this.segment = segment;
        this.seen = seen;
    }

    /**
     * Reads all of it.
     *
     * @param cut what was behind its end once; null: nothing
     * @param next the segment behind it; null: it is the last
     * @throws IOException when the disk gives nothing
     */
    void run(@Nullable Stretch cut, @Nullable Segment next) throws IOException {
        SegmentReader reader = new SegmentReader(segment, this::found);
        int limit = segment.length();
        int end = SegmentHeader.BYTES;
        boolean head = true;
        for (int at = reader.seek(end, limit, view);
                at < limit;
                at = reader.seek(end, limit, view)) {
            end = at + view.length();
            head &= view.kind() == RecordKind.SESSION;
            if (head) {
                // Only sessions stood before it, too: they are a segment's first records.
                headStretches = stretches.size();
            }
            switch (view.kind()) {
                case SESSION -> session();
                case DISPATCH -> event();
                case GAP -> {
                    // It has a sequence of its own.
                }
            }
        }
        if (cut != null) {
            stretches.add(cut);
        }
        compareWith(next == null ? Map.of() : heads(next));
    }

    /** Where it can't be read, in order. */
    List<Stretch> stretches() {
        return stretches;
    }

    /** What is missing, but for what the bot has. */
    List<Loss> losses() {
        long[] events = new long[stretches.size()];
        missing.forEach(one -> events[one.stretch()] += one.loss().events());
        return missing.stream()
                .filter(one ->
                        one.loss().events() == 0
                                || events[one.stretch()] > stretches.get(one.stretch()).settled())
                .map(Missing::loss)
                .toList();
    }

    private void found(Segment in, int offset, int bytes, String what) {
        stretches.add(new Stretch(offset, bytes, in.settledBetween(offset, offset + bytes), what));
    }

    private void session() {
        Mark mark = marks.get(view.shardId());
        if (mark != null && view.sessionEquals(mark.session())) {
            lost(mark, view.sequence(), now());
        } else if (mark != null) {
            ended(mark);
        }
        mark();
    }

    private void event() {
        Mark mark = marks.get(view.shardId());
        long before = view.sequence() - 1;
        if (mark != null && view.sessionEquals(mark.session())) {
            lost(mark, before, now());
        } else if (mark != null) {
            // The new session began where nothing can be read.
            ended(mark);
            if (mark.stretches() < stretches.size() && before > 0) {
                add(mark.stretches(), Mark.of(view, 0), 1, before, mark.micros(), now());
            }
        } else if (stretches.size() > headStretches && before > 0) {
            add(headStretches, Mark.of(view, 0), 0, before, 0, now());
        }
        mark();
    }

    private long now() {
        return view.receivedAtMicros();
    }

    private void mark() {
        marks.put(view.shardId(), Mark.of(view, stretches.size()));
    }

    private void ended(Mark mark) {
        lost(mark, highest(mark), now());
    }

    private void lost(Mark mark, long upTo, long micros) {
        if (mark.stretches() < stretches.size() && upTo > mark.sequence()) {
            add(mark.stretches(), mark, mark.sequence() + 1, upTo, mark.micros(), micros);
        }
    }

    private void add(int stretch, Mark of, long first, long last, long from, long to) {
        missing.add(
                new Missing(
                        stretch,
                        new Loss(
                                new LogPlace(segment.number(), stretches.get(stretch).offset()),
                                of.shardId(),
                                of.shardCount(),
                                of.sessionId(),
                                first,
                                last,
                                from,
                                to)));
    }

    /** What came after the last record of each that can be read. */
    private void compareWith(Map<Integer, Mark> heads) {
        for (Mark mark : marks.values()) {
            Mark head = heads.get(mark.shardId());
            long upTo =
                    head != null && Arrays.equals(head.session(), mark.session())
                            ? head.sequence()
                            : highest(mark);
            lost(mark, upTo, segment.newestMicros());
        }
    }

    private long highest(Mark mark) {
        return seen.highest(mark.shardId(), mark.sessionId()).orElse(mark.sequence());
    }

    /** What a segment's first records say of the sessions before it. */
    private static Map<Integer, Mark> heads(Segment of) throws IOException {
        Map<Integer, Mark> heads = new HashMap<>();
        RecordView record = new RecordView();
        SegmentReader reader = new SegmentReader(of, (_, _, _, _) -> {});
        int limit = of.length();
        int end = SegmentHeader.BYTES;
        for (int at = reader.seek(end, limit, record);
                at < limit && record.kind() == RecordKind.SESSION;
                at = reader.seek(end, limit, record)) {
            end = at + record.length();
            heads.put(record.shardId(), Mark.of(record, 0));
        }
        return heads;
    }
}
