package gw.supervisor.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The announcements that the bot has not been told, on disk before the events that they are about
 * are gone. A file of frames, written anew when most of it is old. Owned by one thread.
 *
 * <pre>
 * "gwgaps\r\n", then frames: u32 length of the body, u32 CRC-32C of the body, body
 * body: u8 1 (put), i64 id, i64 segment, i32 offset, record  |  u8 2 (told), i64 id
 * </pre>
 */
final class GapJournal {
    private static final byte[] MAGIC = "gwgaps\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_BYTES = 8;
    private static final int PUT = 1;
    private static final int TOLD = 2;
    private static final int PUT_BYTES = 21;
    private static final int TOLD_BYTES = 9;
    private static final long COMPACT_BYTES = 1024 * 1024;
    private static final int MAX_FILE_BYTES = 1024 * 1024 * 1024;

    private final Path file;
    private final Map<Long, Saved> saved = new LinkedHashMap<>();
    private volatile FileChannel channel;
    private long savedBytes;

    /**
     * An announcement.
     *
     * @param place what it is about stood up to there
     * @param record of kind GAP
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
    record Saved(long id, LogPlace place, byte[] record) {}

    private GapJournal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens it; what is damaged is reported and left out. */
    static GapJournal open(Path file, Consumer<String> report) throws IOException {
        byte[] bytes = new byte[0];
        if (Files.isRegularFile(file)) {
            if (Files.size(file) > MAX_FILE_BYTES) {
                report.accept(file + " is larger than it can be: it is not read");
            } else {
                bytes = Files.readAllBytes(file);
            }
        }
        GapJournal journal =
                new GapJournal(
                        file,
                        FileChannel.open(
                                file,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE));
        journal.read(bytes, report);
        journal.rewrite();
        return journal;
    }

    private void read(byte[] bytes, Consumer<String> report) {
        if (bytes.length == 0) {
            return;
        }
        if (bytes.length < MAGIC.length
                || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            report.accept(file + " is not a file of announcements: it is not used");
            return;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(MAGIC.length);
        while (in.hasRemaining()) {
            int at = in.position();
            int length = in.remaining() < FRAME_BYTES ? -1 : in.getInt();
            int crc = length < 0 ? 0 : in.getInt();
            if (length < TOLD_BYTES
                    || length > in.remaining()
                    || crc(bytes, in.position(), length) != crc) {
                report.accept(file + " is damaged at byte " + at + ": the rest of it is lost");
                return;
            }
            apply(in.slice(in.position(), length));
            in.position(in.position() + length);
        }
    }

    private void apply(ByteBuffer body) {
        int type = body.get();
        long id = body.getLong();
        if (type == TOLD) {
            forget(id);
        } else if (type == PUT && body.remaining() > PUT_BYTES - TOLD_BYTES) {
            LogPlace place = new LogPlace(body.getLong(), body.getInt());
            byte[] record = new byte[body.remaining()];
            body.get(record);
            remember(new Saved(id, place, record));
        }
    }

    /** What the bot has not been told, oldest first. */
    Collection<Saved> saved() {
        return saved.values();
    }

    /**
     * Keeps announcements; one of the same id is replaced.
     *
     * @throws IOException when there is no room; nothing is kept then
     */
    void put(Collection<Saved> some) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        some.forEach(one -> out.writeBytes(frame(one)));
        append(out.toByteArray());
        some.forEach(this::remember);
        compact();
    }

    /** The bot was told. */
    void told(long id) throws IOException {
        if (saved.containsKey(id)) {
            append(framed(ByteBuffer.allocate(TOLD_BYTES).put((byte) TOLD).putLong(id).array()));
            forget(id);
            compact();
        }
    }

    private void remember(Saved one) {
        forget(one.id());
        saved.put(one.id(), one);
        savedBytes += size(one);
    }

    private void forget(long id) {
        Saved old = saved.remove(id);
        if (old != null) {
            savedBytes -= size(old);
        }
    }

    private static long size(Saved one) {
        return (long) FRAME_BYTES + PUT_BYTES + one.record().length;
    }

    private void append(byte[] bytes) throws IOException {
        long end = channel.size();
        try {
            write(channel, bytes, end);
        } catch (IOException e) {
            var _ = channel.truncate(end);
            throw e;
        }
    }

    private void compact() {
        try {
            if (channel.size() > COMPACT_BYTES + 4 * savedBytes) {
                rewrite();
            }
        } catch (IOException e) {
            // The file as it is holds everything; the next call tries again.
        }
    }

    private void rewrite() throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".tmp");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(MAGIC);
        saved.values().forEach(one -> out.writeBytes(frame(one)));
        FileChannel fresh =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            write(fresh, out.toByteArray(), 0);
            fresh.force(false);
            var _ = Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            fresh.close();
            var _ = Files.deleteIfExists(next);
            throw e;
        }
        channel.close();
        channel = fresh;
    }

    private static void write(FileChannel to, byte[] bytes, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            var _ = to.write(buffer, at + buffer.position());
        }
    }

    private static byte[] frame(Saved one) {
        return framed(
                ByteBuffer.allocate(PUT_BYTES + one.record().length)
                        .put((byte) PUT)
                        .putLong(one.id())
                        .putLong(one.place().segment())
                        .putInt(one.place().offset())
                        .put(one.record())
                        .array());
    }

    private static byte[] framed(byte[] body) {
        return ByteBuffer.allocate(FRAME_BYTES + body.length)
                .putInt(body.length)
                .putInt(crc(body, 0, body.length))
                .put(body)
                .array();
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** Waits until the disk has it. Any thread. */
    void force() throws IOException {
        try {
            channel.force(false);
        } catch (ClosedChannelException e) {
            // It was written anew meanwhile, and that was forced.
        }
    }

    void close() throws IOException {
        channel.close();
    }
}
