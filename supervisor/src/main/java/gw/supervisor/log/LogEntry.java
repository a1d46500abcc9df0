package gw.supervisor.log;

import gw.record.RecordFormatException;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * One event that was handed out: a place in an array which it shares with its neighbours, and its
 * place in the log. Owned by the data event loop. Each event has one, so that every field counts.
 */
public final class LogEntry {
    private byte @Nullable [] array;
    private int arrayOffset;

    /** What the array belongs to; null: to this one alone. */
    private @Nullable Page page;

    private final int length;
    private final int shardId;
    private final long guildId;
    private final long receivedAtMicros;
    private final @Nullable Segment segment;
    private final int offset;
    private final @Nullable Announcement announcement;
    private boolean released;
    private boolean overtakes;
    private boolean underWay;
    private boolean dropped;
    private @Nullable DropReason doomedFor;

    /** The segment's list of what is in somebody's hands. */
    @Nullable LogEntry previousHeld;

    @Nullable LogEntry nextHeld;

    /** Whether it is still to be delivered. */
    enum Fate {
        WANTED,
        /** Its segment was dropped while a try was under way: it goes unless that succeeds. */
        DOOMED,
        DROPPED
    }

    /** Where the last event stood that it is about, and its number. */
    private record Announcement(LogPlace place, long number) {}

    private LogEntry(
            byte[] array,
            int arrayOffset,
            @Nullable Page page,
            int length,
            int shardId,
            long guildId,
            long receivedAtMicros,
            @Nullable Segment segment,
            int offset,
            @Nullable Announcement announcement) {
        this.array = array;
        this.arrayOffset = arrayOffset;
        this.page = page;
        this.length = length;
        this.shardId = shardId;
        this.guildId = guildId;
        this.receivedAtMicros = receivedAtMicros;
        this.segment = segment;
        this.offset = offset;
        this.announcement = announcement;
    }

    /** What a view stands on, in this page and at this place of the log. */
    static LogEntry of(RecordView view, Page page, Segment segment, int offset) {
        page.use();
        return new LogEntry(
                view.array(),
                view.offset(),
                page,
                view.length(),
                view.shardId(),
                view.guildId(),
                view.receivedAtMicros(),
                segment,
                offset,
                null);
    }

    /** An announcement, which stands in no segment. */
    static LogEntry notice(RecordView record, LogPlace place, long notice) {
        return new LogEntry(
                record.array(),
                record.offset(),
                null,
                record.length(),
                record.shardId(),
                record.guildId(),
                record.receivedAtMicros(),
                null,
                0,
                new Announcement(place, notice));
    }

    /**
     * Moves a view onto the record.
     *
     * @throws UncheckedIOException when it has to be read again, and can't be
     */
    public void view(RecordView view) {
        byte[] bytes = array;
        if (bytes != null) {
            var _ = view.wrapChecked(bytes, arrayOffset);
        } else if (segment != null) {
            try {
                var _ = again(segment, view);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RecordFormatException e) {
                throw new UncheckedIOException(
                        new IOException(segment.file() + " is damaged at byte " + offset, e));
            }
        }
    }

    /**
     * What the disk has made of it since it was let go; empty: it is as it was, and at hand again,
     * or can't be read just now.
     */
    Optional<String> damage(RecordView view) {
        if (array != null || segment == null) {
            return Optional.empty();
        }
        try {
            array = again(segment, view);
            arrayOffset = 0;
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (RecordFormatException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Reads the bytes and moves the view onto them. */
    private byte[] again(Segment from, RecordView view) throws IOException, RecordFormatException {
        byte[] bytes = new byte[length];
        int count = from.read(offset, bytes, length);
        if (count < length) {
            throw new IOException(from.file() + " is cut at byte " + (offset + count));
        }
        var _ = view.wrap(bytes, 0, length);
        return bytes;
    }

    /** Whether its bytes are in memory: else {@link #view} reads them from the disk. */
    public boolean isAtHand() {
        return array != null;
    }

    /** The record's length in bytes. */
    public int length() {
        return length;
    }

    public int shardId() {
        return shardId;
    }

    /** The routing key, 0: the shard's own order. */
    public long guildId() {
        return guildId;
    }

    /**
     * Lets go of the bytes: an event that waits for long is read again when its time comes, and
     * holds up no memory meanwhile.
     */
    public void detach() {
        byte[] bytes = array;
        if (segment != null) {
            array = null;
            leavePage();
        } else if (bytes != null && bytes.length != length) {
            array = Arrays.copyOfRange(bytes, arrayOffset, arrayOffset + length);
            arrayOffset = 0;
        }
    }

    /** Whether so much memory is held up by events that wait that this one should let go of its. */
    public boolean memoryIsScarce() {
        return page != null && page.isScarce();
    }

    private void leavePage() {
        Page left = page;
        if (left != null) {
            page = null;
            left.leave();
        }
    }

    /** When it was taken from Discord, microseconds since the epoch. */
    public long receivedAtMicros() {
        return receivedAtMicros;
    }

    /** A try to deliver it begins or ends: while one is under way it isn't dropped. */
    public void underWay(boolean now) {
        underWay = now;
    }

    boolean isUnderWay() {
        return underWay;
    }

    Fate fate() {
        return dropped ? Fate.DROPPED : doomedFor != null ? Fate.DOOMED : Fate.WANTED;
    }

    void dropped() {
        dropped = true;
    }

    /** It goes for this reason, unless the try that is under way succeeds. */
    void doom(DropReason reason) {
        doomedFor = reason;
    }

    /** Null: nothing threatens it. */
    @Nullable DropReason doomedFor() {
        return doomedFor;
    }

    /** Whether it was handed out ahead of its guild's order, as a fresh interaction. */
    public boolean overtakes() {
        return overtakes;
    }

    void overtake() {
        overtakes = true;
    }

    /** Whether it can be given back to be read again later: an announcement can't. */
    public boolean isInLog() {
        return segment != null;
    }

    /** Where it stands; an announcement: where the last event stood that it is about. */
    public LogPlace place() {
        return announcement != null
                ? announcement.place()
                : new LogPlace(segment == null ? 0 : segment.number(), offset);
    }

    @Nullable Segment segment() {
        return segment;
    }

    int offset() {
        return offset;
    }

    /** The announcement's number; 0: it is none. */
    long notice() {
        return announcement == null ? 0 : announcement.number();
    }

    boolean released() {
        return released;
    }

    /** Nobody needs it, nor its bytes, any more. */
    void release() {
        released = true;
        array = null;
        leavePage();
    }
}
