package gw.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The layout of a record: one event on the link, in the log and in memory. Numbers are big-endian.
 *
 * <pre>
 *  0  u32  length of the whole record, this field included
 *  4  u32  CRC-32C of everything from byte 8 to the end
 *  8  u8   version (1)
 *  9  u8   kind ({@link RecordKind})
 * 10  u16  length of the session id
 * 12  u32  shard id
 * 16  u32  shard count
 * 20  u16  length of the event name
 * 22  u16  0
 * 24  i64  sequence
 * 32  i64  guild id, 0: none (the event belongs to its shard's own order)
 * 40  i64  taken from the socket at, microseconds since the epoch
 * 48       session id, event name, payload
 * </pre>
 */
public final class RecordFormat {
    /** The version that this build writes and reads. */
    public static final int VERSION = 1;

    /** Bytes before the session id. */
    public static final int HEADER_BYTES = 48;

    /** No record is longer: a length beyond it is damage. */
    public static final int MAX_RECORD_BYTES = 256 * 1024 * 1024;

    static final int LENGTH = 0;
    static final int CRC = 4;
    static final int CRC_FROM = 8;
    static final int VERSION_AT = 8;
    static final int KIND = 9;
    static final int SESSION_LENGTH = 10;
    static final int SHARD = 12;
    static final int SHARD_COUNT = 16;
    static final int NAME_LENGTH = 20;
    static final int RESERVED = 22;
    static final int SEQUENCE = 24;
    static final int GUILD = 32;
    static final int RECEIVED_AT = 40;

    static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private RecordFormat() {}

    /** Now, as records carry it: microseconds since the epoch. */
    public static long micros(InstantSource clock) {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
