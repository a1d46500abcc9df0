package gw.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A window on one encoded record inside an array. It copies nothing and is moved from record to
 * record; owned by one thread. Before the first successful {@link #wrap} its values mean nothing.
 */
public final class RecordView {
    /** Bytes of the length field, with which a record begins. */
    public static final int LENGTH_BYTES = 4;

    /** Bytes of a record before its session id; none is shorter. */
    public static final int HEADER_BYTES = RecordFormat.HEADER_BYTES;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[0];
    private int offset;
    private int length;
    private int sessionLength;
    private int nameLength;

    /**
     * Moves onto the record that starts at {@code at} and checks it whole: length, version, kind,
     * inner lengths and checksum.
     *
     * @param array holds the record
     * @param at where it starts
     * @param limit where the valid bytes end
     * @return the offset just behind the record
     * @throws RecordFormatException when there is no sound record; the view then keeps its former
     *     place
     */
    public int wrap(byte[] array, int at, int limit) throws RecordFormatException {
        if (limit - at < RecordFormat.HEADER_BYTES) {
            throw new RecordFormatException(
                    at,
                    "record is cut: "
                            + (limit - at)
                            + " bytes (expected: >= "
                            + RecordFormat.HEADER_BYTES
                            + ")");
        }
        int total = (int) RecordFormat.INT.get(array, at + RecordFormat.LENGTH);
        if (total < RecordFormat.HEADER_BYTES || total > RecordFormat.MAX_RECORD_BYTES) {
            throw new RecordFormatException(
                    at,
                    "record length: "
                            + total
                            + " (expected: "
                            + RecordFormat.HEADER_BYTES
                            + ".."
                            + RecordFormat.MAX_RECORD_BYTES
                            + ")");
        }
        if (total > limit - at) {
            throw new RecordFormatException(
                    at, "record is cut: " + (limit - at) + " of " + total + " bytes");
        }
        int version = array[at + RecordFormat.VERSION_AT] & 0xff;
        if (version != RecordFormat.VERSION) {
            throw new RecordFormatException(
                    at, "record version: " + version + " (expected: " + RecordFormat.VERSION + ")");
        }
        crc.reset();
        crc.update(array, at + RecordFormat.CRC_FROM, total - RecordFormat.CRC_FROM);
        int expected = (int) RecordFormat.INT.get(array, at + RecordFormat.CRC);
        if ((int) crc.getValue() != expected) {
            throw new RecordFormatException(at, "record checksum does not match");
        }
        int kind = array[at + RecordFormat.KIND] & 0xff;
        if (!RecordKind.isKnown(kind)) {
            throw new RecordFormatException(at, "record kind: " + kind + " (expected: 1..7)");
        }
        int session =
                (short) RecordFormat.SHORT.get(array, at + RecordFormat.SESSION_LENGTH) & 0xffff;
        int name = (short) RecordFormat.SHORT.get(array, at + RecordFormat.NAME_LENGTH) & 0xffff;
        if (RecordFormat.HEADER_BYTES + session + name > total) {
            throw new RecordFormatException(
                    at,
                    "session id of "
                            + session
                            + " and name of "
                            + name
                            + " bytes in a record of "
                            + total);
        }
        bytes = array;
        offset = at;
        length = total;
        sessionLength = session;
        nameLength = name;
        return at + total;
    }

    /**
     * Moves onto a record that was checked before, without checking it again.
     *
     * @return the offset just behind the record
     */
    public int wrapChecked(byte[] array, int at) {
        bytes = array;
        offset = at;
        length = (int) RecordFormat.INT.get(array, at + RecordFormat.LENGTH);
        sessionLength =
                (short) RecordFormat.SHORT.get(array, at + RecordFormat.SESSION_LENGTH) & 0xffff;
        nameLength = (short) RecordFormat.SHORT.get(array, at + RecordFormat.NAME_LENGTH) & 0xffff;
        return at + length;
    }

    /** What the length field of a record that begins here says; nothing of it is checked. */
    public static int lengthAt(byte[] array, int at) {
        return (int) RecordFormat.INT.get(array, at + RecordFormat.LENGTH);
    }

    /**
     * Whether a record might begin here, as far as its header tells: a cheap look ahead of the
     * checksum.
     *
     * @param array holds at least {@link #HEADER_BYTES} from {@code at} on
     * @param room bytes from {@code at} to where the last record ends
     */
    public static boolean mayBegin(byte[] array, int at, int room) {
        int length = lengthAt(array, at);
        return length >= RecordFormat.HEADER_BYTES
                && length <= room
                && array[at + RecordFormat.VERSION_AT] == RecordFormat.VERSION
                && RecordKind.isKnown(array[at + RecordFormat.KIND] & 0xff)
                && (short) RecordFormat.SHORT.get(array, at + RecordFormat.RESERVED) == 0;
    }

    /** The array that holds the record. */
    public byte[] array() {
        return bytes;
    }

    /** Where the record starts in {@link #array()}. */
    public int offset() {
        return offset;
    }

    /** The whole record's length in bytes. */
    public int length() {
        return length;
    }

    public RecordKind kind() {
        return RecordKind.byNumber(bytes[offset + RecordFormat.KIND] & 0xff);
    }

    /** Whether gw tells something by it: it counts as no event, and is never dropped untold. */
    public boolean isAnnouncement() {
        return kind() == RecordKind.GAP || kind() == RecordKind.RESHARDED;
    }

    public int shardId() {
        return (int) RecordFormat.INT.get(bytes, offset + RecordFormat.SHARD);
    }

    public int shardCount() {
        return (int) RecordFormat.INT.get(bytes, offset + RecordFormat.SHARD_COUNT);
    }

    public long sequence() {
        return (long) RecordFormat.LONG.get(bytes, offset + RecordFormat.SEQUENCE);
    }

    /** The routing key, 0 for none. */
    public long guildId() {
        return (long) RecordFormat.LONG.get(bytes, offset + RecordFormat.GUILD);
    }

    /** When it came off the socket, microseconds since the epoch. */
    public long receivedAtMicros() {
        return (long) RecordFormat.LONG.get(bytes, offset + RecordFormat.RECEIVED_AT);
    }

    public int sessionOffset() {
        return offset + RecordFormat.HEADER_BYTES;
    }

    public int sessionLength() {
        return sessionLength;
    }

    public int nameOffset() {
        return sessionOffset() + sessionLength;
    }

    public int nameLength() {
        return nameLength;
    }

    public int payloadOffset() {
        return nameOffset() + nameLength;
    }

    public int payloadLength() {
        return length - RecordFormat.HEADER_BYTES - sessionLength - nameLength;
    }

    /** The session id; allocates. */
    public String sessionId() {
        return new String(bytes, sessionOffset(), sessionLength, StandardCharsets.ISO_8859_1);
    }

    /** The event name; allocates. */
    public String name() {
        return new String(bytes, nameOffset(), nameLength, StandardCharsets.UTF_8);
    }

    /** The payload as text; allocates, for tests and messages. */
    public String payloadText() {
        return new String(bytes, payloadOffset(), payloadLength(), StandardCharsets.UTF_8);
    }

    /** Whether the session id is exactly these bytes; allocates nothing. */
    public boolean sessionEquals(byte[] session) {
        return equal(sessionOffset(), sessionLength, session);
    }

    /** Whether the event name is exactly these bytes; allocates nothing. */
    public boolean nameEquals(byte[] name) {
        return equal(nameOffset(), nameLength, name);
    }

    private boolean equal(int from, int length, byte[] other) {
        return Arrays.equals(bytes, from, from + length, other, 0, other.length);
    }
}
