package gw.supervisor.log;

import gw.record.RecordKind;
import gw.record.RecordView;

import java.io.IOException;
import java.util.Arrays;

/**
 * Everything of a segment that is not settled, gathered to be dropped, but for what is on its way
 * to the bot just now. Used once.
 */
final class SegmentDrop {
    private final Segment segment;
    private final GapNotices.Draft draft;
    private final DropCounts counts;
    private final DropReason why;
    private final SegmentReader reader;
    private final RecordView view = new RecordView();
    private int[] offsets = new int[256];
    private int[] lengths = new int[256];
    private int count;
    private final DropCounts gathered = new DropCounts();
    private long bytes;

    SegmentDrop(
            Segment segment,
            GapNotices.Draft draft,
            DropCounts counts,
            DropReason why,
            SegmentReader.Damages damages) {
        this.segment = segment;
        this.draft = draft;
        this.counts = counts;
        this.why = why;
        this.reader =
                new SegmentReader(
                        segment,
                        (where, offset, length, what) -> {
                            damages.found(where, offset, length, what);
                            // What is told of the hole stands between those around it.
                            draft.cut();
                        });
    }

    /** Reads the segment; nothing has happened yet. */
    void gather() throws IOException {
        while (reader.next(segment.length(), view)) {
            int at = reader.at();
            if (view.kind() == RecordKind.SESSION || segment.isSettled(at)) {
                continue;
            }
            if (isUnderWay(at)) {
                draft.skip(view);
            } else {
                draft.add(view, new LogPlace(segment.number(), at), why);
                if (view.kind() == RecordKind.DISPATCH) {
                    gathered.add(view, why);
                }
                add(at, view.length());
            }
        }
    }

    private boolean isUnderWay(int offset) {
        if (segment.isHeld(offset)) {
            for (LogEntry held = segment.firstHeld(); held != null; held = held.nextHeld) {
                if (held.offset() == offset) {
                    return held.isUnderWay();
                }
            }
        }
        return false;
    }

    private void add(int offset, int length) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        offsets[count] = offset;
        lengths[count] = length;
        count++;
        bytes += length;
    }

    /** Writes the announcements down, then lets the events go. */
    void commit() throws IOException {
        draft.commit();
        counts.add(gathered);
        LogEntry held = segment.firstHeld();
        while (held != null) {
            LogEntry next = held.nextHeld;
            if (held.isUnderWay()) {
                held.doom(why);
            } else {
                held.dropped();
                segment.letGo(held);
            }
            held = next;
        }
        for (int i = 0; i < count; i++) {
            segment.settle(offsets[i], lengths[i]);
        }
    }

    long events() {
        return count;
    }

    long bytes() {
        return bytes;
    }
}
