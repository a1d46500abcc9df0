package gw.supervisor.log;

import gw.record.RecordFormatException;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Reads one segment from the disk, front to back, and finds its way over damage: what is good
 * behind it is found again by its checksum. Owned by one thread.
 */
final class SegmentReader {
    private final Segment segment;
    private final PagePool pages;
    private final Damages damages;
    private @Nullable Page page;
    private byte[] chunk = new byte[0];
    private int from;
    private int to;
    private int at = SegmentHeader.BYTES;
    private int end = SegmentHeader.BYTES;

    /** Hears of what can't be read. */
    @FunctionalInterface
    interface Damages {
        void found(Segment segment, int offset, int bytes, String what);
    }

    /** One that nobody else stands on what it reads. */
    SegmentReader(Segment segment, Damages damages) {
        this(segment, new PagePool(1), damages);
    }

    /** One whose pages come from this pool. */
    SegmentReader(Segment segment, PagePool pages, Damages damages) {
        this.segment = segment;
        this.pages = pages;
        this.damages = damages;
    }

    /** What the last record stands on that was found. */
    Page page() {
        Page current = page;
        if (current == null) {
            throw new IllegalStateException("nothing was read yet");
        }
        return current;
    }

    /** It is read no more; the views on its records mean nothing from now on. */
    void close() {
        Page last = page;
        if (last != null) {
            page = null;
            chunk = new byte[0];
            from = 0;
            to = 0;
            last.leave();
        }
    }

    /**
     * Goes on to the next sound record, from the segment's first on.
     *
     * @param limit where the valid bytes end
     * @return false: there is none any more
     */
    boolean next(int limit, RecordView view) throws IOException {
        at = seek(end, limit, view);
        if (at >= limit) {
            return false;
        }
        end = at + view.length();
        return true;
    }

    /** Where the record begins that {@link #next} found. */
    int at() {
        return at;
    }

    /**
     * Moves the view onto the first sound record that begins at {@code offset} or behind it.
     *
     * @param limit where the valid bytes end
     * @return where it begins; {@code limit}: there is none
     */
    int seek(int offset, int limit, RecordView view) throws IOException {
        if (offset >= limit) {
            return limit;
        }
        String problem = sound(offset, limit, view);
        if (problem.isEmpty()) {
            return offset;
        }
        int next = search(offset, limit, view);
        damages.found(segment, offset, next - offset, problem);
        return next;
    }

    /** Empty: the view stands on a sound record; else what is wrong with it. */
    private String sound(int offset, int limit, RecordView view) throws IOException {
        if (limit - offset < RecordView.LENGTH_BYTES) {
            return "record is cut";
        }
        ensure(offset, Math.min(limit - offset, RecordView.LENGTH_BYTES), limit);
        int length = RecordView.lengthAt(chunk, offset - from);
        if (length > to - offset && length <= limit - offset) {
            ensure(offset, length, limit);
        }
        try {
            var _ = view.wrap(chunk, offset - from, to - from);
            return "";
        } catch (RecordFormatException e) {
            return String.valueOf(e.getMessage()).replaceFirst("^at byte [0-9]+: ", "");
        }
    }

    /** The next place behind {@code offset} where a sound record stands. */
    private int search(int offset, int limit, RecordView view) throws IOException {
        ensure(offset, Math.min(limit - offset, RecordView.LENGTH_BYTES), limit);
        int length =
                limit - offset < RecordView.LENGTH_BYTES
                        ? 0
                        : RecordView.lengthAt(chunk, offset - from);
        if (length > 0
                && length < limit - offset
                && sound(offset + length, limit, view).isEmpty()) {
            return offset + length;
        }
        for (int at = offset + 1; at < limit; at++) {
            if (limit - at < RecordView.HEADER_BYTES) {
                return limit;
            }
            ensure(at, RecordView.HEADER_BYTES, limit);
            if (RecordView.mayBegin(chunk, at - from, limit - at)
                    && sound(at, limit, view).isEmpty()) {
                return at;
            }
        }
        return limit;
    }

    /** Makes sure that so many bytes from here on are in the chunk, or all that there are. */
    private void ensure(int offset, int bytes, int limit) throws IOException {
        if (offset >= from && offset + bytes <= to) {
            return;
        }
        int size = Math.min(limit - offset, Math.max(bytes, PagePool.PAGE_BYTES));
        // Another one: events that were handed out may still stand on the one before.
        close();
        Page next = pages.take(size);
        page = next;
        chunk = next.bytes();
        from = offset;
        to = offset + segment.read(offset, chunk, size);
        if (to < offset + bytes) {
            throw new IOException(segment.file() + " is shorter than it was: " + to + " bytes");
        }
    }
}
