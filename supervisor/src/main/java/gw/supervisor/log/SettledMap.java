package gw.supervisor.log;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * Which records of a segment are settled: a bit for each place where a record can begin, in a file
 * that is mapped into memory. So the moment of the 2xx is the moment of its record: a killed
 * process forgets nothing, and no call to the system is made for it. Owned by one thread, but for
 * {@link #force} and {@link #syncedUpTo}.
 *
 * <pre>
 *  0  8 bytes  "gwack\r\n\0"
 *  8  i64      number of the segment
 * 16  i64      what the disk certainly holds of the segment, bytes
 * 24           seal: u32 bytes, u32 records, i64 bytes of records, i64 newest, i64 oldest, u32 CRC-32C of these
 * 60  u32      1: the seal leaves out what could not be read when it was made
 * 64           bits, one for each 48 bytes of the segment
 * </pre>
 */
final class SettledMap implements AutoCloseable {
    /** No two records begin within as many bytes: a record's header is as long. */
    static final int GRAIN = 48;

    private static final int HEADER_BYTES = 64;
    private static final long MAGIC = 0x677761636b0d0a00L;
    private static final int SYNCED_AT = 16;
    private static final int SEAL_AT = 24;
    private static final int SEAL_BYTES = 32;
    private static final int RECOUNTED_AT = 60;
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);

    private final FileChannel channel;
    private final Arena arena;
    private final MemorySegment memory;

    /**
     * What is known of a segment that gets no more records.
     *
     * @param length of the file
     * @param records that are events
     * @param bytes of those
     * @param newestMicros when the newest was taken from Discord
     * @param oldestMicros the same of the oldest
     */
    record Seal(int length, int records, long bytes, long newestMicros, long oldestMicros) {}

    private SettledMap(FileChannel channel, Arena arena, MemorySegment memory) {
        this.channel = channel;
        this.arena = arena;
        this.memory = memory;
    }

    static int bytesFor(long segmentLength) {
        return Math.toIntExact(HEADER_BYTES + (segmentLength / GRAIN + 8) / 8 + 1);
    }

    /**
     * A map for a new segment, with room for records that begin before {@code segmentLength}. Its
     * place on the disk is taken at once: a page that could not be had later would kill the
     * process.
     */
    static SettledMap create(Path file, long number, long segmentLength) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(bytesFor(segmentLength));
        zeros.putLong(0, MAGIC).putLong(8, number);
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            while (zeros.hasRemaining()) {
                var _ = channel.write(zeros);
            }
            return map(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Maps what an earlier process left.
     *
     * @throws IOException when it is none for this segment
     */
    static SettledMap open(Path file, long number, long segmentLength) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is none");
        }
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.size() < bytesFor(segmentLength)) {
                throw new IOException("it is cut");
            }
            SettledMap map = map(channel);
            if (map.memory.get(LONG, 0) != MAGIC || map.memory.get(LONG, 8) != number) {
                map.close();
                throw new IOException("it is not this segment's");
            }
            return map;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @SuppressWarnings(
            "MustBeClosedChecker") // It lives as long as the map does, and is closed with it.
    private static SettledMap map(FileChannel channel) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new SettledMap(
                    channel,
                    arena,
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena));
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Bytes of a segment whose records have a bit here. */
    long covers() {
        return (memory.byteSize() - HEADER_BYTES - 1) * 8 * GRAIN;
    }

    boolean isSettled(int offset) {
        int index = offset / GRAIN;
        return (memory.get(ValueLayout.JAVA_BYTE, HEADER_BYTES + index / 8L) >> (index & 7) & 1)
                != 0;
    }

    void settle(int offset) {
        int index = offset / GRAIN;
        long at = HEADER_BYTES + index / 8L;
        byte old = memory.get(ValueLayout.JAVA_BYTE, at);
        memory.set(ValueLayout.JAVA_BYTE, at, (byte) (old | 1 << (index & 7)));
    }

    /** How many records are settled. */
    int count() {
        int count = 0;
        long at = HEADER_BYTES;
        for (; at + 8 <= memory.byteSize(); at += 8) {
            count += Long.bitCount(memory.get(LONG, at));
        }
        for (; at < memory.byteSize(); at++) {
            count += Integer.bitCount(memory.get(ValueLayout.JAVA_BYTE, at) & 0xff);
        }
        return count;
    }

    /** Sets the bits of settled records that begin from one offset up to another. */
    void addTo(BitSet settled, int from, int to) {
        for (int index = from / GRAIN; index < to / GRAIN; index++) {
            if (isSettled(index * GRAIN)) {
                settled.set(index);
            }
        }
    }

    /** Forgets what is said of places where no event begins. */
    void retain(BitSet begins) {
        for (long at = HEADER_BYTES; at < memory.byteSize(); at++) {
            int index = Math.toIntExact((at - HEADER_BYTES) * 8);
            int bits = memory.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            for (int bit = 0; bits >> bit != 0; bit++) {
                if ((bits >> bit & 1) != 0 && !begins.get(index + bit)) {
                    bits &= ~(1 << bit);
                }
            }
            memory.set(ValueLayout.JAVA_BYTE, at, (byte) bits);
        }
    }

    /** What the disk certainly holds of the segment, in bytes from its start. Any thread. */
    void syncedUpTo(int length) {
        memory.set(LONG, SYNCED_AT, length);
    }

    long synced() {
        return memory.get(LONG, SYNCED_AT);
    }

    void seal(Seal seal) {
        byte[] bytes = sealBytes(seal);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, SEAL_AT, SEAL_BYTES);
        memory.set(INT, SEAL_AT + SEAL_BYTES, crc(bytes));
    }

    /**
     * The seal, if there is a sound one.
     *
     * @throws IOException when there is none
     */
    Seal seal() throws IOException {
        byte[] bytes = memory.asSlice(SEAL_AT, SEAL_BYTES).toArray(ValueLayout.JAVA_BYTE);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Seal seal =
                new Seal(
                        buffer.getInt(),
                        buffer.getInt(),
                        buffer.getLong(),
                        buffer.getLong(),
                        buffer.getLong());
        if (seal.length() == 0 || memory.get(INT, SEAL_AT + SEAL_BYTES) != crc(bytes)) {
            throw new IOException("it has no seal");
        }
        return seal;
    }

    /** Whether the seal was made later, by reading a segment of which not all can be read. */
    boolean isRecounted() {
        return memory.get(INT, RECOUNTED_AT) == 1;
    }

    void recounted() {
        memory.set(INT, RECOUNTED_AT, 1);
    }

    private static byte[] sealBytes(Seal seal) {
        return ByteBuffer.allocate(SEAL_BYTES)
                .putInt(seal.length())
                .putInt(seal.records())
                .putLong(seal.bytes())
                .putLong(seal.newestMicros())
                .putLong(seal.oldestMicros())
                .array();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Waits until the disk has it. Any thread. */
    void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        arena.close();
        channel.close();
    }
}
