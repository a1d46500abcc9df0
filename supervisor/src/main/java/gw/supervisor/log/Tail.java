package gw.supervisor.log;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * The newest records, as they came over the link: a cursor that keeps up never touches the disk.
 * What is too old for its bounds has to be read from there. Owned by one thread.
 */
final class Tail {
    private static final long MAX_BYTES = 8L * 1024 * 1024;

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private long bytes;

    /**
     * Records that were appended together.
     *
     * @param from where they begin in the segment
     * @param to where they end
     * @param page holds them
     * @param start where they begin in the page
     */
    record Chunk(Segment segment, int from, int to, Page page, int start) {
        boolean holds(Segment of, int offset) {
            return of == segment && offset >= from && offset < to;
        }

        /** Where in the page stands what stands at this place of the segment. */
        int at(int offset) {
            return start + offset - from;
        }
    }

    /** Takes records in; the tail is one more user of their page. */
    void add(Chunk chunk) {
        chunk.page().use();
        chunks.addLast(chunk);
        bytes += chunk.to() - chunk.from();
        while (bytes > MAX_BYTES) {
            removeFirst().page().leave();
        }
    }

    /**
     * The chunk that holds this place; those before it are let go. Null: it isn't in memory. The
     * caller uses its page in the tail's place.
     */
    @Nullable Chunk take(Segment segment, int offset) {
        while (true) {
            Chunk first = chunks.peekFirst();
            if (first == null
                    || first.segment().number() > segment.number()
                    || (first.segment() == segment && first.from() > offset)) {
                return null;
            }
            var _ = removeFirst();
            if (first.holds(segment, offset)) {
                return first;
            }
            first.page().leave();
        }
    }

    /** Where the part of this segment that is in memory begins; the segment's end: nowhere. */
    int begin(Segment segment) {
        Chunk first = chunks.peekFirst();
        if (first == null || first.segment().number() > segment.number()) {
            return segment.length();
        }
        return first.segment() == segment ? first.from() : SegmentHeader.BYTES;
    }

    private Chunk removeFirst() {
        Chunk first = chunks.removeFirst();
        bytes -= first.to() - first.from();
        return first;
    }
}
