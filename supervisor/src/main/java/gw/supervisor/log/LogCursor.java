package gw.supervisor.log;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;

/**
 * The consumer's place in the log: the next event that is neither settled nor in somebody's hands.
 * It reads what is in memory from there and the rest from the disk, each once. Owned by one thread.
 */
final class LogCursor {
    /** What may be passed over in one call: others wait for the thread. */
    private static final long MOST_BYTES_A_TURN = 4L * 1024 * 1024;

    private final NavigableMap<Long, Segment> segments;
    private final Tail tail;
    private final PagePool pages;
    private final SegmentReader.Damages damages;
    private final RecordView view = new RecordView();
    private Segment segment;
    private int offset = SegmentHeader.BYTES;
    private Tail.@Nullable Chunk chunk;
    private @Nullable SegmentReader reader;
    private boolean standing;
    private boolean gaveUp;
    private String trouble = "";
    private long passed;

    /** Stands before the first segment. */
    LogCursor(
            NavigableMap<Long, Segment> segments,
            Tail tail,
            PagePool pages,
            SegmentReader.Damages damages) {
        this.segments = segments;
        this.tail = tail;
        this.pages = pages;
        this.damages = damages;
        this.segment = segments.firstEntry().getValue();
    }

    Segment segment() {
        return segment;
    }

    int offset() {
        return offset;
    }

    LogPlace place() {
        return new LogPlace(segment.number(), offset);
    }

    /** The event that {@link #peek} found. */
    RecordView view() {
        return view;
    }

    /** What the event stands on that {@link #peek} found. */
    Page page() {
        Tail.Chunk current = chunk;
        if (current != null) {
            return current.page();
        }
        SegmentReader from = reader;
        if (from == null) {
            throw new IllegalStateException("the cursor stands on no event");
        }
        return from.page();
    }

    /**
     * Finds the next event and stays before it.
     *
     * @return false: there is none, or {@link #gaveUp}
     */
    boolean peek() {
        gaveUp = false;
        if (standing && !segment.isHeld(offset) && !segment.isSettled(offset)) {
            return true;
        }
        standing = false;
        long from = passed;
        while (true) {
            if (offset >= segment.length()) {
                segment.passed(segment.length());
                Map.Entry<Long, Segment> next = segments.higherEntry(segment.number());
                if (next == null) {
                    return false;
                }
                leave(next.getValue());
            } else if (passed - from > MOST_BYTES_A_TURN) {
                gaveUp = true;
                return false;
            } else if (load()) {
                if (view.kind() != RecordKind.SESSION
                        && !segment.isSettled(offset)
                        && !segment.isHeld(offset)) {
                    standing = true;
                    return true;
                }
                offset += view.length();
                passed += view.length();
                segment.passed(offset);
            } else if (!trouble.isEmpty()) {
                return false;
            }
        }
    }

    /** Whether {@link #peek} found nothing because it would have taken too long. */
    boolean gaveUp() {
        return gaveUp;
    }

    /** Why the disk can't be read; empty: it can. What stands there waits until it can. */
    String trouble() {
        return trouble;
    }

    /** Goes behind the event that {@link #peek} found. */
    void pass() {
        offset += view.length();
        standing = false;
    }

    /** Goes back, or ahead. */
    void moveTo(LogPlace place) {
        standing = false;
        Map.Entry<Long, Segment> entry = segments.ceilingEntry(place.segment());
        if (entry == null) {
            entry = segments.lastEntry();
        }
        int to = entry.getKey() == place.segment() ? place.offset() : SegmentHeader.BYTES;
        if (entry.getValue() != segment) {
            leave(entry.getValue());
        }
        offset = to;
        standOn(null);
    }

    private void leave(Segment to) {
        try {
            segment.rest();
        } catch (IOException e) {
            // A handle less to close at the end.
        }
        segment = to;
        offset = SegmentHeader.BYTES;
        standOn(null);
        forgetReader();
        standing = false;
    }

    private void standOn(Tail.@Nullable Chunk next) {
        Tail.Chunk before = chunk;
        chunk = next;
        if (before != null) {
            tail.leave(before);
        }
    }

    private void forgetReader() {
        SegmentReader before = reader;
        if (before != null) {
            reader = null;
            before.close();
        }
    }

    /** Moves the view onto the record here; false: the place has changed, look again. */
    private boolean load() {
        Tail.Chunk current = chunk;
        if (current == null || !current.holds(segment, offset)) {
            current = tail.take(segment, offset);
            standOn(current);
        }
        if (current != null) {
            var _ = view.wrapChecked(current.page().bytes(), current.at(offset));
            return true;
        }
        int limit = Math.min(segment.length(), Math.max(offset + 1, tail.begin(segment)));
        SegmentReader from = reader;
        if (from == null) {
            from = new SegmentReader(segment, pages, damages);
            reader = from;
        }
        try {
            int at = from.seek(offset, limit, view);
            trouble = "";
            boolean here = at == offset;
            if (!here) {
                passed += at - offset;
                offset = at;
                segment.passed(at);
            }
            return here;
        } catch (IOException e) {
            trouble = String.valueOf(e.getMessage());
            forgetReader();
            return false;
        }
    }
}
