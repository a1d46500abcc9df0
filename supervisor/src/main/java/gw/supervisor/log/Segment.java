package gw.supervisor.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Locale;

/**
 * One file of the log: records one after another, and beside it the map of those that are settled.
 * Its counters are for the events that are not settled. Owned by one thread, but for {@link
 * #force}.
 */
final class Segment {
    private static final String SUFFIX = ".gwlog";
    private static final String MAP_SUFFIX = ".gwack";

    private final long number;
    private final Path file;
    private final Path mapFile;
    private final SettledMap map;
    private @Nullable FileChannel channel;
    private final HeldEntries held = new HeldEntries();
    private int length;
    private boolean sealed;
    private boolean closed;
    private boolean pinned;
    private boolean doubtful;

    private int records;
    private long recordBytes;
    private long newestMicros;
    private long oldestMicros;

    private int unsettled;
    private long unsettledBytes;

    /** Records that were handed out once and are not settled. */
    private int open;

    /** Everything before it was handed out, or passed over, once. */
    private int readUpTo = SegmentHeader.BYTES;

    private Segment(long number, Path directory, SettledMap map) {
        this.number = number;
        this.file = file(directory, number);
        this.mapFile = mapFile(directory, number);
        this.map = map;
    }

    static Path file(Path directory, long number) {
        return directory.resolve(String.format(Locale.ROOT, "%016x", number) + SUFFIX);
    }

    static Path mapFile(Path directory, long number) {
        return directory.resolve(String.format(Locale.ROOT, "%016x", number) + MAP_SUFFIX);
    }

    /** The number in a segment's file name; -1: it is no such name. */
    static long numberOf(String name) {
        if (name.length() == 16 + SUFFIX.length() && name.endsWith(SUFFIX)) {
            try {
                return Long.parseLong(name, 0, 16, 16);
            } catch (NumberFormatException e) {
                return -1;
            }
        }
        return -1;
    }

    /**
     * Begins a new segment with its header.
     *
     * @param room records may begin before this offset
     * @throws IOException when there is no room on the disk; nothing is left behind then
     */
    static Segment create(Path directory, SegmentHeader header, long room) throws IOException {
        Segment segment = null;
        try {
            segment =
                    new Segment(
                            header.number(),
                            directory,
                            SettledMap.create(
                                    mapFile(directory, header.number()), header.number(), room));
            segment.channel =
                    FileChannel.open(
                            segment.file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            segment.append(header.encode());
            return segment;
        } catch (IOException e) {
            if (segment != null) {
                segment.delete();
            } else {
                var _ = Files.deleteIfExists(mapFile(directory, header.number()));
            }
            throw e;
        }
    }

    /** One that an earlier process wrote, as its seal says; nothing more is written to it. */
    static Segment sealed(Path directory, long number, SettledMap map, SettledMap.Seal seal) {
        Segment segment = new Segment(number, directory, map);
        segment.sealed = true;
        segment.length = seal.length();
        segment.records = seal.records();
        segment.recordBytes = seal.bytes();
        segment.newestMicros = seal.newestMicros();
        segment.oldestMicros = seal.oldestMicros();
        segment.unsettled = Math.max(0, seal.records() - map.count());
        segment.unsettledBytes =
                seal.records() == 0
                        ? 0
                        : (long) ((double) seal.bytes() * segment.unsettled / seal.records());
        return segment;
    }

    long number() {
        return number;
    }

    Path file() {
        return file;
    }

    Path mapFile() {
        return mapFile;
    }

    /** Valid bytes, from the start of the file. */
    int length() {
        return length;
    }

    /** Events in it, settled or not. */
    int records() {
        return records;
    }

    int unsettled() {
        return unsettled;
    }

    long unsettledBytes() {
        return unsettledBytes;
    }

    long newestMicros() {
        return newestMicros;
    }

    /** Whether records that begin before this offset have a place in the map. */
    boolean hasPlaceFor(long offset) {
        return offset < map.covers();
    }

    /**
     * Appends records.
     *
     * @throws IOException when they could not be written whole; the segment is as it was before
     */
    void append(ByteBuffer bytes) throws IOException {
        FileChannel to = open();
        int at = length;
        try {
            while (bytes.hasRemaining()) {
                at += to.write(bytes, at);
            }
            length = at;
        } catch (IOException e) {
            try {
                var _ = to.truncate(length);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** Counts an event that was appended. */
    void count(int bytes, long receivedAtMicros) {
        records++;
        recordBytes += bytes;
        unsettled++;
        unsettledBytes += bytes;
        newestMicros = Math.max(newestMicros, receivedAtMicros);
        if (oldestMicros == 0 || receivedAtMicros < oldestMicros) {
            oldestMicros = receivedAtMicros;
        }
    }

    /** Nothing more is appended. */
    void seal() {
        if (!sealed) {
            sealed = true;
            map.seal(new SettledMap.Seal(length, records, recordBytes, newestMicros, oldestMicros));
        }
    }

    boolean isSettled(int offset) {
        return map.isSettled(offset);
    }

    /** Sets the bits, by the map's grain, of settled records that begin in a stretch. */
    void addSettled(int from, int to, BitSet into) {
        map.addTo(into, from, to);
    }

    boolean isHeld(int offset) {
        return held.holds(offset);
    }

    /** The event is in somebody's hands, and everything before its end was read. */
    void hold(LogEntry entry) {
        held.add(entry);
        int end = entry.offset() + entry.length();
        if (entry.offset() >= readUpTo) {
            open++;
            readUpTo = end;
        }
    }

    /** One that overtakes all that was not read yet. */
    void holdAhead(LogEntry entry) {
        held.add(entry);
        open++;
    }

    /** What is in somebody's hands; more by {@link LogEntry#nextHeld}. */
    @Nullable LogEntry firstHeld() {
        return held.first();
    }

    /** What stands before it was read, and need not be handed out. */
    void passed(int end) {
        readUpTo = Math.max(readUpTo, end);
    }

    /** It is in nobody's hands, and not settled. */
    void letGo(LogEntry entry) {
        if (held.remove(entry) && entry.offset() >= readUpTo) {
            open--;
        }
    }

    /** Delivered, or given up: it is never handed out again. */
    void settle(LogEntry entry) {
        boolean wasHeld = held.remove(entry);
        if (!closed && !map.isSettled(entry.offset())) {
            settled(entry.offset(), entry.length(), wasHeld);
        }
    }

    /** The same for one that is in nobody's hands. */
    void settle(int offset, int bytes) {
        if (!map.isSettled(offset)) {
            settled(offset, bytes, false);
        }
    }

    private void settled(int offset, int bytes, boolean wasHeld) {
        map.settle(offset);
        if (wasHeld || offset < readUpTo) {
            open--;
        }
        unsettled--;
        unsettledBytes -= bytes;
    }

    /** Only what is on its way to the bot keeps it; false: that was known. */
    boolean pin() {
        boolean news = !pinned;
        pinned = true;
        return news;
    }

    boolean isPinned() {
        return pinned;
    }

    /** Nothing in it is needed any more. */
    boolean isDone() {
        return sealed && held.isEmpty() && (unsettled <= 0 || (readUpTo >= length && open <= 0));
    }

    /**
     * Reads.
     *
     * @return how many bytes came
     */
    int read(int offset, byte[] into, int bytes) throws IOException {
        FileChannel from = open();
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, bytes);
        int at = offset;
        while (buffer.hasRemaining()) {
            int count = from.read(buffer, at);
            if (count < 0) {
                break;
            }
            at += count;
        }
        return at - offset;
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    /** Gives the file's handle back; it is taken again when it is needed. */
    void rest() throws IOException {
        if (sealed && channel != null) {
            channel.close();
            channel = null;
        }
    }

    /** Waits until the disk has the records, and if it is wanted what is settled. Any thread. */
    void force(boolean withMap) throws IOException {
        // A handle of its own: the owner may give its own back at any moment.
        try (FileChannel own = FileChannel.open(file, StandardOpenOption.WRITE)) {
            own.force(false);
        }
        if (withMap) {
            map.force();
        }
    }

    /** The disk has refused a part of it: what it really holds nobody knows. */
    void doubt() {
        doubtful = true;
    }

    /** The disk has it up to here. */
    void synced(int upTo) {
        if (!closed && !doubtful) {
            map.syncedUpTo(upTo);
        }
    }

    void close() throws IOException {
        closed = true;
        if (channel != null) {
            channel.close();
        }
        map.close();
    }

    void delete() throws IOException {
        close();
        var _ = Files.deleteIfExists(file);
        var _ = Files.deleteIfExists(mapFile);
    }
}
