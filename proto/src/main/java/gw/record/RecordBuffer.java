package gw.record;

import java.util.Arrays;

/**
 * Encodes records one after another into an array that grows and is used again. Owned by one
 * thread; it allocates only when it grows.
 */
public final class RecordBuffer {
    private final RecordEncoder encoder = new RecordEncoder();
    private final int initialCapacity;
    private byte[] bytes;
    private int length;
    private int count;

    /** Starts empty, with room for this many bytes. */
    public RecordBuffer(int initialCapacity) {
        this.initialCapacity = initialCapacity;
        bytes = new byte[initialCapacity];
    }

    /**
     * Appends one record.
     *
     * @param kind what it holds
     * @param shardId the shard that took it
     * @param shardCount the count that shard id belongs to
     * @param sequence Discord's {@code s}
     * @param guildId the routing key, 0 for none
     * @param receivedAtMicros when it came off the socket, microseconds since the epoch
     * @param session the session id, ASCII
     * @param name holds the event name at {@code nameOffset}, {@code nameLength} bytes, at most
     *     65,535
     * @param payload holds the payload at {@code payloadOffset}, {@code payloadLength} bytes
     * @return the record's length in bytes
     * @throws IllegalArgumentException when the record would be longer than {@link
     *     RecordFormat#MAX_RECORD_BYTES}
     */
    public int append(
            RecordKind kind,
            int shardId,
            int shardCount,
            long sequence,
            long guildId,
            long receivedAtMicros,
            byte[] session,
            byte[] name,
            int nameOffset,
            int nameLength,
            byte[] payload,
            int payloadOffset,
            int payloadLength) {
        int recordLength = RecordEncoder.lengthOf(session.length, nameLength, payloadLength);
        int at = reserve(recordLength);
        var _ =
                encoder.encode(
                        bytes,
                        at,
                        kind,
                        shardId,
                        shardCount,
                        sequence,
                        guildId,
                        receivedAtMicros,
                        session,
                        name,
                        nameOffset,
                        nameLength,
                        payload,
                        payloadOffset,
                        payloadLength);
        count++;
        return recordLength;
    }

    /** Appends one record that is encoded already. */
    public void append(byte[] record, int from, int recordLength) {
        int at = reserve(recordLength);
        System.arraycopy(record, from, bytes, at, recordLength);
        count++;
    }

    /** The records; valid up to {@link #length()} and until the next append or clear. */
    public byte[] array() {
        return bytes;
    }

    /** Bytes in use. */
    public int length() {
        return length;
    }

    /** Records in the buffer. */
    public int count() {
        return count;
    }

    /** Copies what is in use. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Forgets the records; an array that one giant record has grown is given back. */
    public void clear() {
        length = 0;
        count = 0;
        if (bytes.length > 16 * initialCapacity) {
            bytes = new byte[initialCapacity];
        }
    }

    private int reserve(int more) {
        int at = length;
        long needed = (long) at + more;
        if (needed > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException(
                    "record buffer of " + needed + " bytes (expected: < 2 GiB)");
        }
        if (needed > bytes.length) {
            long doubled = Math.min(2L * bytes.length, Integer.MAX_VALUE - 16);
            bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, needed));
        }
        length = (int) needed;
        return at;
    }
}
