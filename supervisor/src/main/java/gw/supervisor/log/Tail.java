package gw.supervisor.log;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * The newest records, as they came over the link: a cursor that keeps up never touches the disk.
 * What is too old for its bounds has to be read from there. Owned by one thread.
 */
final class Tail {
    private static final long MAX_BYTES = 8L * 1024 * 1024;

    /** A cursor that keeps up stands on one while the next comes. */
    private static final int MOST_SPARE = 2;

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private final ArrayDeque<Chunk> spare = new ArrayDeque<>();
    private long bytes;

    /** Records that were appended together. Used again once it is left. */
    static final class Chunk {
        private Segment segment;
        private int from;
        private int to;
        private Page page;
        private int start;

        private Chunk(Segment segment, int from, int to, Page page, int start) {
            this.segment = segment;
            this.from = from;
            this.to = to;
            this.page = page;
            this.start = start;
        }

        private void begin(Segment newSegment, int newFrom, int newTo, Page newPage, int newStart) {
            segment = newSegment;
            from = newFrom;
            to = newTo;
            page = newPage;
            start = newStart;
        }

        private int length() {
            return to - from;
        }

        /** What holds them. */
        Page page() {
            return page;
        }

        boolean holds(Segment of, int offset) {
            return of == segment && offset >= from && offset < to;
        }

        /** Where in the page stands what stands at this place of the segment. */
        int at(int offset) {
            return start + offset - from;
        }
    }

    /**
     * Takes records in; the tail is one more user of their page.
     *
     * @param from where they begin in the segment
     * @param to where they end
     * @param page holds them
     * @param start where they begin in the page
     */
    void add(Segment segment, int from, int to, Page page, int start) {
        page.use();
        Chunk chunk = spare.pollLast();
        if (chunk == null) {
            chunk = new Chunk(segment, from, to, page, start);
        } else {
            chunk.begin(segment, from, to, page, start);
        }
        chunks.addLast(chunk);
        bytes += chunk.length();
        while (bytes > MAX_BYTES) {
            leave(removeFirst());
        }
    }

    /**
     * The chunk that holds this place; those before it are let go. Null: it isn't in memory. The
     * caller uses it in the tail's place, until it {@link #leave leaves} it.
     */
    @Nullable Chunk take(Segment segment, int offset) {
        while (true) {
            Chunk first = chunks.peekFirst();
            if (first == null
                    || first.segment.number() > segment.number()
                    || (first.segment == segment && first.from > offset)) {
                return null;
            }
            var _ = removeFirst();
            if (first.holds(segment, offset)) {
                return first;
            }
            leave(first);
        }
    }

    /** Where the part of this segment that is in memory begins; the segment's end: nowhere. */
    int begin(Segment segment) {
        Chunk first = chunks.peekFirst();
        if (first == null || first.segment.number() > segment.number()) {
            return segment.length();
        }
        return first.segment == segment ? first.from : SegmentHeader.BYTES;
    }

    private Chunk removeFirst() {
        Chunk first = chunks.removeFirst();
        bytes -= first.length();
        return first;
    }

    /** Nobody stands on it any more. */
    void leave(Chunk chunk) {
        chunk.page.leave();
        // A page that is not used again must not be held up by it.
        if (spare.size() < MOST_SPARE && chunk.page.bytes().length == PagePool.PAGE_BYTES) {
            spare.addLast(chunk);
        }
    }
}
