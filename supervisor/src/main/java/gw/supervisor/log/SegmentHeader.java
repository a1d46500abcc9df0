package gw.supervisor.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The first bytes of a segment file. Numbers are big-endian.
 *
 * <pre>
 *  0  8 bytes  "gwlog\r\n\0"
 *  8  u16      version (1)
 * 10  u16      length of the header
 * 12  u32      0
 * 16  i64      number of the segment
 * 24  i64      made at, microseconds since the epoch
 * 32  16 bytes of the boot id's hash
 * 48  12 bytes 0
 * 60  u32      CRC-32C of what stands before
 * </pre>
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
record SegmentHeader(int version, long number, long madeAtMicros, byte[] boot) {
    static final int BYTES = 64;
    static final int VERSION = 1;

    private static final byte[] MAGIC = "gwlog\r\n\0".getBytes(StandardCharsets.US_ASCII);
    private static final int BOOT_AT = 32;
    private static final int BOOT_BYTES = 16;
    private static final int CRC_AT = 60;

    /** What the first bytes of a file are. */
    sealed interface Found {
        /** A header that can be trusted, of whatever version. */
        record Sound(SegmentHeader header) implements Found {}

        /** It began as a segment, and was damaged. */
        record Damaged() implements Found {}

        /** No segment of gw's. */
        record Foreign() implements Found {}
    }

    /** For a segment that begins now. */
    static SegmentHeader of(long number, long nowMicros, String bootId) {
        return new SegmentHeader(VERSION, number, nowMicros, hash(bootId));
    }

    /** Whether it was written in this run of the machine. */
    boolean isOfBoot(String bootId) {
        return Arrays.equals(boot, hash(bootId));
    }

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.put(MAGIC).putShort((short) version).putShort((short) BYTES).putInt(0);
        bytes.putLong(number).putLong(madeAtMicros);
        bytes.put(boot, 0, BOOT_BYTES);
        bytes.putInt(CRC_AT, crc(bytes.array()));
        return bytes.rewind();
    }

    static Found read(byte[] bytes, int length) {
        if (length < BYTES || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return length > 0 && length < BYTES && startsLikeOne(bytes, length)
                    ? new Found.Damaged()
                    : new Found.Foreign();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (buffer.getInt(CRC_AT) != crc(bytes)) {
            return new Found.Damaged();
        }
        return new Found.Sound(
                new SegmentHeader(
                        buffer.getShort(MAGIC.length) & 0xffff,
                        buffer.getLong(16),
                        buffer.getLong(24),
                        Arrays.copyOfRange(bytes, BOOT_AT, BOOT_AT + BOOT_BYTES)));
    }

    private static boolean startsLikeOne(byte[] bytes, int length) {
        int common = Math.min(length, MAGIC.length);
        return Arrays.equals(bytes, 0, common, MAGIC, 0, common);
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CRC_AT);
        return (int) crc.getValue();
    }

    private static byte[] hash(String bootId) {
        byte[] hash = new byte[BOOT_BYTES];
        byte[] id = bootId.replace("-", "").getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < id.length; i++) {
            hash[i % BOOT_BYTES] = (byte) (hash[i % BOOT_BYTES] * 31 + id[i]);
        }
        return hash;
    }
}
