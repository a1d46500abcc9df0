package gw.supervisor.log;

import gw.record.RecordFormat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The segments, oldest first, and what they hold together. The last one is being written. Owned by
 * one thread.
 */
final class SegmentChain {
    private final LogSettings settings;
    private final InstantSource clock;
    private final SessionBook book;
    private final Consumer<String> report;
    private final NavigableMap<Long, Segment> segments;
    private final DiskSync sync;
    private Segment active;
    private long nextNumber;
    private long events;
    private long bytes;
    private long diskBytes;
    private long pinnedBytes;

    /**
     * Begins a segment behind those that were found.
     *
     * @param owner runs what waits for a sync
     * @throws IOException when there is no room for it
     */
    SegmentChain(
            LogSettings settings,
            InstantSource clock,
            SessionBook book,
            LogFiles found,
            GapJournal journal,
            Executor owner,
            Consumer<String> report)
            throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.book = book;
        this.report = report;
        segments = found.segments();
        nextNumber = found.lastNumber() + 1;
        active = create(0);
        sync =
                new DiskSync(
                        settings.directory(),
                        settings.fsync() != LogSettings.Fsync.NEVER,
                        settings.fsync() == LogSettings.Fsync.INTERVAL,
                        journal,
                        owner,
                        report);
        sync.madeFile();
        sync.touched(active);
        for (Segment segment : List.copyOf(segments.values())) {
            if (segment != active && segment.unsettled() <= 0) {
                segments.remove(segment.number());
                delete(segment);
            } else {
                events += segment.unsettled();
                bytes += segment.unsettledBytes();
                diskBytes += segment.length();
            }
        }
        found.lost().forEach(this::removeLater);
    }

    NavigableMap<Long, Segment> segments() {
        return segments;
    }

    Segment active() {
        return active;
    }

    DiskSync sync() {
        return sync;
    }

    /** Events that are not settled. */
    long events() {
        return Math.max(0, events);
    }

    long bytes() {
        return Math.max(0, bytes);
    }

    /** Of all files of records. */
    long diskBytes() {
        return diskBytes;
    }

    /** The same without those that go as soon as what is on its way to the bot is answered. */
    long lastingBytes() {
        return diskBytes - pinnedBytes;
    }

    /**
     * Appends records that are no events, or are counted by {@link #count}.
     *
     * @return where they begin in the active segment
     * @throws IOException when there is no room; all is as it was
     */
    int append(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        rollIfFull(length);
        int from = active.length();
        active.append(bytes);
        diskBytes += length;
        sync.touched(active);
        return from;
    }

    /** Counts an event that was appended to the active segment. */
    void count(int length, long receivedAtMicros) {
        active.count(length, receivedAtMicros);
        events++;
        bytes += length;
    }

    /** So many events are settled now. */
    void settled(long count, long length) {
        events -= count;
        bytes -= length;
    }

    private void rollIfFull(int more) throws IOException {
        boolean place = active.hasPlaceFor(active.length() + (long) more);
        boolean full =
                active.length() + (long) more > settings.segmentBytes()
                        || active.records() >= settings.segmentEvents();
        if (!place || (full && active.records() > 0)) {
            roll(more);
        }
    }

    /** Seals the active segment and begins the next, with room for so many bytes. */
    void roll(int more) throws IOException {
        Segment before = active;
        active = create(more);
        before.seal();
        sync.touched(before);
        sync.madeFile();
        sync.touched(active);
        diskBytes += active.length();
    }

    private Segment create(int more) throws IOException {
        long micros = RecordFormat.micros(clock);
        byte[] sessions = book.records(micros);
        long places =
                Math.max(
                        settings.segmentBytes(),
                        SegmentHeader.BYTES + sessions.length + (long) more);
        Segment next =
                Segment.create(
                        settings.directory(),
                        SegmentHeader.of(nextNumber, micros, settings.bootId()),
                        places);
        try {
            next.append(ByteBuffer.wrap(sessions));
        } catch (IOException e) {
            next.delete();
            throw e;
        }
        nextNumber++;
        segments.put(next.number(), next);
        return next;
    }

    /** All that could be dropped of it was: it goes with the answers that are awaited. */
    void pin(Segment segment) {
        if (segments.get(segment.number()) == segment && segment.pin()) {
            pinnedBytes += segment.length();
        }
    }

    /** Removes the segment if nothing in it is needed any more; the cursor leaves it first. */
    void removeIfDone(Segment segment, LogCursor cursor) {
        if (!segment.isDone() || segments.get(segment.number()) != segment) {
            return;
        }
        if (cursor.segment() == segment) {
            Map.Entry<Long, Segment> next = segments.higherEntry(segment.number());
            if (next == null) {
                return;
            }
            cursor.moveTo(new LogPlace(next.getKey(), SegmentHeader.BYTES));
        }
        segments.remove(segment.number());
        // What was damaged in it is counted no longer.
        events -= Math.max(0, segment.unsettled());
        bytes -= Math.max(0, segment.unsettledBytes());
        diskBytes -= segment.length();
        if (segment.isPinned()) {
            pinnedBytes -= segment.length();
        }
        delete(segment);
    }

    /** Removes all that are done. */
    void sweep(LogCursor cursor) {
        for (Segment segment : new ArrayList<>(segments.values())) {
            removeIfDone(segment, cursor);
        }
    }

    private void delete(Segment segment) {
        sync.forget(segment);
        try {
            segment.close();
        } catch (IOException e) {
            report.accept(segment.file() + " can't be closed: " + e.getMessage());
        }
        removeLater(segment.file());
        removeLater(segment.mapFile());
    }

    /**
     * What takes its place has to be on the disk first: after a power cut there would be neither.
     */
    private void removeLater(Path file) {
        if (settings.fsync() == LogSettings.Fsync.NEVER) {
            remove(file);
        } else {
            sync.afterwards(() -> remove(file));
        }
    }

    private void remove(Path file) {
        try {
            var _ = Files.deleteIfExists(file);
        } catch (IOException e) {
            report.accept(file + " can't be removed: " + e.getMessage());
        }
    }

    void close() throws IOException {
        active.seal();
        sync.touched(active);
        sync.close();
        for (Segment segment : segments.values()) {
            segment.close();
        }
    }
}
