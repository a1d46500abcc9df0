package gw.record;

/**
 * Bytes that are no record, or a damaged one. The message says at which offset and what was wrong.
 */
public final class RecordFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    /** {@code problem} in words, found at this offset of what was read. */
    public RecordFormatException(int offset, String problem) {
        super("at byte " + offset + ": " + problem);
    }
}
