package gw.record;

import java.util.zip.CRC32C;

/** Writes records into arrays of the caller's. Owned by one thread; it allocates nothing. */
public final class RecordEncoder {
    private final CRC32C crc = new CRC32C();

    /**
     * How long a record will be.
     *
     * @return bytes, at most {@link RecordFormat#MAX_RECORD_BYTES}
     * @throws IllegalArgumentException when it would be longer, or the session id or the name
     *     longer than 65,535 bytes
     */
    public static int lengthOf(int sessionLength, int nameLength, int payloadLength) {
        long total = (long) RecordFormat.HEADER_BYTES + sessionLength + nameLength + payloadLength;
        if (total > RecordFormat.MAX_RECORD_BYTES
                || nameLength > 0xffff
                || sessionLength > 0xffff) {
            throw new IllegalArgumentException(
                    "record of "
                            + total
                            + " bytes with a name of "
                            + nameLength
                            + " and a session id of "
                            + sessionLength
                            + " (expected: <= "
                            + RecordFormat.MAX_RECORD_BYTES
                            + ", 65535, 65535)");
        }
        return (int) total;
    }

    /**
     * Writes one record.
     *
     * @param bytes has room for it from {@code at} on
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
     * @return the record's length in bytes, as {@link #lengthOf} tells it
     * @throws IllegalArgumentException as {@link #lengthOf}
     */
    public int encode(
            byte[] bytes,
            int at,
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
        int recordLength = lengthOf(session.length, nameLength, payloadLength);
        RecordFormat.INT.set(bytes, at + RecordFormat.LENGTH, recordLength);
        bytes[at + RecordFormat.VERSION_AT] = (byte) RecordFormat.VERSION;
        bytes[at + RecordFormat.KIND] = (byte) kind.number();
        RecordFormat.SHORT.set(bytes, at + RecordFormat.SESSION_LENGTH, (short) session.length);
        RecordFormat.INT.set(bytes, at + RecordFormat.SHARD, shardId);
        RecordFormat.INT.set(bytes, at + RecordFormat.SHARD_COUNT, shardCount);
        RecordFormat.SHORT.set(bytes, at + RecordFormat.NAME_LENGTH, (short) nameLength);
        RecordFormat.SHORT.set(bytes, at + RecordFormat.RESERVED, (short) 0);
        RecordFormat.LONG.set(bytes, at + RecordFormat.SEQUENCE, sequence);
        RecordFormat.LONG.set(bytes, at + RecordFormat.GUILD, guildId);
        RecordFormat.LONG.set(bytes, at + RecordFormat.RECEIVED_AT, receivedAtMicros);
        int to = at + RecordFormat.HEADER_BYTES;
        System.arraycopy(session, 0, bytes, to, session.length);
        to += session.length;
        System.arraycopy(name, nameOffset, bytes, to, nameLength);
        to += nameLength;
        System.arraycopy(payload, payloadOffset, bytes, to, payloadLength);
        crc.reset();
        crc.update(bytes, at + RecordFormat.CRC_FROM, recordLength - RecordFormat.CRC_FROM);
        RecordFormat.INT.set(bytes, at + RecordFormat.CRC, (int) crc.getValue());
        return recordLength;
    }
}
