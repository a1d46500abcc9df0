package gw.supervisor.log;

/**
 * Where something stands in the log.
 *
 * @param segment its number
 * @param offset bytes from the start of the segment's file
 */
public record LogPlace(long segment, int offset) implements Comparable<LogPlace> {
    @Override
    public int compareTo(LogPlace other) {
        int bySegment = Long.compare(segment, other.segment);
        return bySegment != 0 ? bySegment : Integer.compare(offset, other.offset);
    }
}
