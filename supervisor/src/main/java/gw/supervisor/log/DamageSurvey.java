package gw.supervisor.log;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what stood where a segment can't be read any more. A session's sequences have no holes,
 * so those around such a place tell which are missing, and of which shard; where they don't, all
 * shards that may be concerned are named (P1). Used once.
 */
final class DamageSurvey {
    private final Segment segment;
    private final SeenSequences seen;
    private final Counts counts;
    private final int unreadableUpTo;
    private final RecordView view = new RecordView();
    private final List<Stretch> stretches = new ArrayList<>();
    private final Map<Integer, Mark> marks = new HashMap<>();
    private final List<Loss> certain = new ArrayList<>();
    private final Map<Integer, Loss> possible = new HashMap<>();
    private final BitSet settled = new BitSet();
    private long readable;
    private long readableUnsettled;

    /** A place that can't be read. */
    record Stretch(int offset, int bytes, String what) {}

    /**
     * What is known of a segment's events, whether they can be read or not.
     *
     * @param exact false: those that can't be read are not among them
     */
    record Counts(boolean exact, long records, long unsettled) {}

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

    /**
     * Of this segment; nothing is read yet.
     *
     * @param unreadableUpTo what stands behind it is in memory
     */
    DamageSurvey(Segment segment, SeenSequences seen, Counts counts, int unreadableUpTo) {
        this.segment = segment;
        this.seen = seen;
        this.counts = counts;
        this.unreadableUpTo = unreadableUpTo;
    }

    /**
     * Reads all of it.
     *
     * @param cut what was behind its end once; null: nothing
     * @param next the segment that was begun when this one was full; null: it isn't there any more
     * @param last whether nothing was ever written behind this one: its sessions go on from there
     * @param shards what each shard's session is now
     * @throws IOException when the disk gives nothing
     */
    void run(@Nullable Stretch cut, @Nullable Segment next, boolean last, List<KeptSession> shards)
            throws IOException {
        SegmentReader reader = new SegmentReader(segment, this::found);
        while (reader.next(segment.length(), view)) {
            if (view.kind() != RecordKind.SESSION) {
                readable++;
                readableUnsettled += segment.isSettled(reader.at()) ? 0 : 1;
            }
            switch (view.kind()) {
                case SESSION -> session();
                case DISPATCH -> event();
                case GAP, RESHARDED, START_UP, TWIN, SEEN -> {
                    // It has a sequence of its own.
                }
            }
        }
        if (cut != null) {
            stretches.add(cut);
        }
        if (!stretches.isEmpty()) {
            Map<Integer, Mark> heads = next == null ? Map.of() : heads(next);
            compareWith(heads, last ? shards : List.of());
            addSilent(heads, shards);
        }
    }

    /** Where it can't be read, in order. */
    List<Stretch> stretches() {
        return stretches;
    }

    /** What is missing, but for what the bot has. */
    List<Loss> losses() {
        long found = certain.stream().mapToLong(Loss::events).sum();
        if (counts.exact()
                ? counts.unsettled() <= readableUnsettled
                : possible.isEmpty() && found <= settled.cardinality()) {
            return List.of();
        }
        List<Loss> all = new ArrayList<>();
        for (Loss loss : certain) {
            boolean credible = !counts.exact() || loss.events() <= counts.records() - readable;
            all.add(credible ? loss : loss.uncounted());
        }
        if (!counts.exact() || found < counts.records() - readable) {
            all.addAll(possible.values());
        }
        return all;
    }

    /** Of a segment that gives nothing: any shard may have lost something. */
    List<Loss> anything(List<KeptSession> shards) {
        marks.clear();
        possible.clear();
        if (stretches.isEmpty()) {
            stretches.add(new Stretch(SegmentHeader.BYTES, 0, "it can't be read"));
        }
        addSilent(Map.of(), shards);
        return List.copyOf(possible.values());
    }

    private void found(Segment in, int offset, int bytes, String what) {
        if (offset < unreadableUpTo) {
            stretches.add(new Stretch(offset, bytes, what));
            in.addSettled(offset, offset + bytes, settled);
        }
    }

    private void session() {
        Mark mark = marks.get(view.shardId());
        if (mark == null) {
            mayHaveLost(view.sequence());
        } else if (view.sessionEquals(mark.session())) {
            lost(mark, view.sequence());
        } else {
            ended(mark, view.receivedAtMicros());
            begun(mark, view.sequence());
        }
        mark();
    }

    private void event() {
        Mark mark = marks.get(view.shardId());
        long before = view.sequence() - 1;
        if (mark == null) {
            mayHaveLost(before);
        } else if (view.sessionEquals(mark.session())) {
            lost(mark, before);
        } else {
            ended(mark, view.receivedAtMicros());
            begun(mark, before);
        }
        mark();
    }

    private void mark() {
        marks.put(view.shardId(), Mark.of(view, stretches.size()));
    }

    /** Nothing says how far the shard was before the first stretch. */
    private void mayHaveLost(long upTo) {
        if (!stretches.isEmpty()) {
            Mark now = Mark.of(view, 0);
            possible.putIfAbsent(
                    now.shardId(), loss(now, 0, 0, Math.max(0, upTo), 0, now.micros()));
        }
    }

    private void lost(Mark mark, long upTo) {
        lost(mark, upTo, view.receivedAtMicros());
    }

    private void lost(Mark mark, long upTo, long micros) {
        if (mark.stretches() < stretches.size() && upTo > mark.sequence()) {
            long first = mark.sequence() + 1;
            certain.add(loss(mark, upTo - mark.sequence(), first, upTo, mark.micros(), micros));
        }
    }

    /** Another session follows: how far this one went nobody knows for certain any more. */
    private void ended(Mark mark, long micros) {
        if (mark.stretches() < stretches.size()) {
            long highest = Math.max(highest(mark), mark.sequence());
            lost(mark, highest, micros);
            possible.putIfAbsent(
                    mark.shardId(), loss(mark, 0, 0, highest + 1, mark.micros(), micros));
        }
    }

    private long highest(Mark mark) {
        return seen.highest(mark.shardId(), mark.sessionId()).orElse(mark.sequence());
    }

    /** The session on which the view stands began where nothing can be read. */
    private void begun(Mark before, long upTo) {
        if (before.stretches() < stretches.size() && upTo > 0) {
            Mark from = Mark.of(view, before.stretches());
            certain.add(loss(from, upTo, 1, upTo, before.micros(), view.receivedAtMicros()));
        }
    }

    private Loss loss(Mark of, long events, long first, long last, long from, long to) {
        return new Loss(
                new LogPlace(segment.number(), stretches.get(of.stretches()).offset()),
                of.shardId(),
                of.shardCount(),
                of.sessionId(),
                events,
                first,
                last,
                from,
                to);
    }

    /** What came after the last record of each that can be read. */
    private void compareWith(Map<Integer, Mark> heads, List<KeptSession> resumed) {
        for (Mark mark : marks.values()) {
            Mark head = heads.get(mark.shardId());
            if (mark.stretches() == stretches.size()) {
                continue;
            }
            long micros = segment.newestMicros();
            if (head != null && Arrays.equals(head.session(), mark.session())) {
                lost(mark, head.sequence(), micros);
                continue;
            }
            if (resumed.stream().anyMatch(one -> one.sessionId().equals(mark.sessionId()))) {
                // What the log doesn't know of any more is asked of Discord again.
                lost(mark, highest(mark), micros);
            } else if (head != null) {
                ended(mark, micros);
            } else {
                possible.putIfAbsent(
                        mark.shardId(),
                        loss(mark, 0, 0, mark.sequence() + 1, mark.micros(), micros));
            }
            if (head != null && head.sequence() > 0) {
                Mark begun =
                        new Mark(
                                head.shardId(),
                                head.shardCount(),
                                head.session(),
                                0,
                                mark.micros(),
                                mark.stretches());
                certain.add(
                        loss(begun, head.sequence(), 1, head.sequence(), mark.micros(), micros));
            }
        }
    }

    /** Shards of which nothing can be read may have lost something all the same. */
    private void addSilent(Map<Integer, Mark> heads, List<KeptSession> shards) {
        for (KeptSession shard : shards) {
            Mark head = heads.get(shard.shardId());
            if (marks.containsKey(shard.shardId()) || possible.containsKey(shard.shardId())) {
                continue;
            }
            possible.put(
                    shard.shardId(),
                    new Loss(
                            new LogPlace(segment.number(), stretches.getFirst().offset()),
                            shard.shardId(),
                            shard.shardCount(),
                            head == null ? shard.sessionId() : head.sessionId(),
                            0,
                            0,
                            head == null ? 0 : head.sequence(),
                            0,
                            segment.newestMicros()));
        }
    }

    /** What a segment's first records say of the sessions before it, as far as they can be read. */
    private static Map<Integer, Mark> heads(Segment of) throws IOException {
        Map<Integer, Mark> heads = new HashMap<>();
        boolean[] spoiled = new boolean[1];
        RecordView record = new RecordView();
        SegmentReader reader = new SegmentReader(of, (_, _, _, _) -> spoiled[0] = true);
        while (reader.next(of.length(), record)
                && !spoiled[0]
                && record.kind() == RecordKind.SESSION) {
            heads.putIfAbsent(record.shardId(), Mark.of(record, 0));
        }
        return heads;
    }
}
