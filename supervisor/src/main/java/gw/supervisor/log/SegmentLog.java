package gw.supervisor.log;

import com.google.protobuf.ByteString;

import gw.record.RecordFormatException;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The log on disk: segments of records, appended as they came over the link, each with a map of
 * what is settled. What was dropped is written down before it goes. Owned by one thread.
 */
public final class SegmentLog implements DispatchLog {
    private final LogSettings settings;
    private final InstantSource clock;
    private final Consumer<String> report;
    private final Consumer<RecordView> accepted;
    private final SeenSequences seen = new SeenSequences();
    private final SessionBook book = new SessionBook(seen);
    private final Tail tail = new Tail();
    private final NavigableMap<Long, Segment> segments;
    private final DropCounts drops = new DropCounts();
    private final Lifetimes lifetimes;
    private final GapJournal journal;
    private final GapNotices notices;
    private final DiskRoom room;
    private final DiskSync sync;
    private final LogCursor cursor;
    private final Overtaking overtaking;
    private final RecordView view = new RecordView();
    private Segment active;
    private long nextNumber;
    private long events;
    private long bytes;
    private long diskBytes;
    private long duplicates;
    private long bad;
    private long damagedBytes;
    private boolean sessionsUnsaved;
    private boolean closed;

    /**
     * Opens the directory, keeps all that is good in it, and begins a new segment.
     *
     * @param owner runs tasks on the thread that owns the log
     * @param report hears in words of what is damaged or missing; any thread
     * @param accepted is shown each record that is taken, once, during {@link #append}
     * @throws NoRoomException when the disk is full
     * @throws IOException when the directory can't be read or written
     * @throws NewerLogException when a newer version of gw wrote it
     */
    public static SegmentLog open(
            LogSettings settings,
            InstantSource clock,
            Executor owner,
            Consumer<String> report,
            Consumer<RecordView> accepted)
            throws IOException, NewerLogException {
        try {
            var _ = Files.createDirectories(settings.directory());
            return new SegmentLog(settings, clock, owner, report, accepted);
        } catch (IOException e) {
            // What was reserved for this is enough to begin with.
            if (DiskRoom.isLackOfRoom(e)
                    && new DiskRoom(settings.directory().resolve(LogFiles.RESERVE))
                            .giveUpReserve()) {
                return open(settings, clock, owner, report, accepted);
            }
            throw DiskRoom.isLackOfRoom(e) ? new NoRoomException(e) : e;
        }
    }

    private SegmentLog(
            LogSettings settings,
            InstantSource clock,
            Executor owner,
            Consumer<String> report,
            Consumer<RecordView> accepted)
            throws IOException, NewerLogException {
        this.settings = settings;
        this.clock = clock;
        this.report = report;
        this.accepted = accepted;
        this.lifetimes = new Lifetimes(settings.maxAge(), settings.ttl());
        LogFiles files = new LogFiles(settings, seen, book, report);
        files.find();
        segments = files.segments();
        room = new DiskRoom(settings.directory().resolve(LogFiles.RESERVE));
        journal = GapJournal.open(settings.directory().resolve(LogFiles.GAPS), report);
        notices = new GapNotices(journal);
        nextNumber = files.lastNumber() + 1;
        active = begin(0);
        sync =
                new DiskSync(
                        settings.directory(),
                        settings.fsync() != LogSettings.Fsync.NEVER,
                        owner,
                        report);
        segments.values().removeIf(this::deleteIfDone);
        for (Segment segment : segments.values()) {
            events += segment.unsettled();
            bytes += segment.unsettledBytes();
            diskBytes += segment.length();
        }
        cursor = new LogCursor(segments, tail, this::damaged);
        overtaking = new Overtaking(settings.catchUp());
        room.reserve();
    }

    private boolean deleteIfDone(Segment segment) {
        if (segment == active || segment.unsettled() > 0) {
            return false;
        }
        delete(segment);
        return true;
    }

    private void delete(Segment segment) {
        sync.forget(segment);
        try {
            segment.delete();
        } catch (IOException e) {
            report.accept(segment.file() + " can't be removed: " + e.getMessage());
        }
    }

    // ---- writing ---------------------------------------------------------------------------

    @Override
    public AppendResult append(ByteString records) {
        byte[] array = records.toByteArray();
        int at = 0;
        int length = 0;
        int accepted = 0;
        int known = 0;
        Optional<String> problem = Optional.empty();
        while (at < array.length) {
            int end;
            try {
                end = view.wrap(array, at, array.length);
                if (view.kind() == RecordKind.SESSION) {
                    throw new RecordFormatException(at, "a worker writes no session records");
                }
            } catch (RecordFormatException e) {
                bad++;
                problem = Optional.of("damaged record: " + e.getMessage());
                break;
            }
            if (seen.isNew(view)) {
                accepted++;
                if (length < at) {
                    System.arraycopy(array, at, array, length, end - at);
                }
                length += end - at;
            } else {
                known++;
            }
            at = end;
        }
        if (accepted > 0 && !write(array, length, accepted)) {
            seen.takeBack();
            return AppendResult.noRoom();
        }
        seen.keep();
        duplicates += known;
        enforceLimits();
        return new AppendResult(accepted, known, problem.isPresent() ? 1 : 0, problem, false);
    }

    private boolean write(byte[] array, int length, int count) {
        if (closed) {
            return false;
        }
        if (settings.whenFull() == LogSettings.WhenFull.PAUSE
                && (diskBytes + length > settings.limits().maxBytes()
                        || events + count > settings.limits().maxEvents())
                && events > 0) {
            return false;
        }
        while (true) {
            try {
                rollIfFull(length);
                active.append(array, 0, length);
                room.found();
                break;
            } catch (IOException e) {
                if (!room.lacks(e) || !makeRoom()) {
                    return false;
                }
            }
        }
        int from = active.length() - length;
        diskBytes += length;
        sync.touched(active);
        tail.add(new Tail.Chunk(active, from, active.length(), array));
        boolean behind = overtaking.matters() && isBehind(length);
        for (int at = 0; at < length; ) {
            int end = view.wrapChecked(array, at);
            active.count(view.length(), view.receivedAtMicros());
            events++;
            bytes += view.length();
            accepted.accept(view);
            if (behind) {
                overtaking.offer(view, active, from + at);
            }
            at = end;
        }
        return true;
    }

    /** Whether more waits unread than what came just now. */
    private boolean isBehind(int justNow) {
        LogPlace read = cursor.place();
        return read.segment() < active.number()
                ? cursor.peek()
                : active.length() - justNow > read.offset();
    }

    private void rollIfFull(int more) throws IOException {
        boolean full =
                active.length() + (long) more > settings.segmentBytes()
                        || active.records() >= settings.segmentEvents()
                        || !active.hasPlaceFor(active.length() + (long) more);
        if (full && (active.records() > 0 || !active.hasPlaceFor(active.length() + (long) more))) {
            roll(more);
        }
    }

    private void roll(int more) throws IOException {
        Segment before = active;
        active = begin(more);
        before.seal();
        sync.touched(before);
        diskBytes += active.length();
        removeIfDone(before);
    }

    private Segment begin(int more) throws IOException {
        long now = micros();
        byte[] sessions = book.records(now);
        long places =
                Math.max(
                        settings.segmentBytes(),
                        SegmentHeader.BYTES + sessions.length + (long) more);
        Segment next =
                Segment.create(
                        settings.directory(),
                        SegmentHeader.of(nextNumber, now, settings.bootId()),
                        places);
        try {
            next.append(sessions, 0, sessions.length);
        } catch (IOException e) {
            next.delete();
            throw e;
        }
        nextNumber++;
        sessionsUnsaved = false;
        segments.put(next.number(), next);
        return next;
    }

    /** The disk is full: it behaves as the queue's limit. */
    private boolean makeRoom() {
        boolean gaveUpReserve = room.giveUpReserve();
        if (settings.whenFull() == LogSettings.WhenFull.PAUSE) {
            return gaveUpReserve;
        }
        return dropOldest(DropReason.DISK_FULL) || gaveUpReserve;
    }

    @Override
    public void whenSafe(Runnable task) {
        if (settings.fsync() == LogSettings.Fsync.ALWAYS) {
            sync.then(task);
        } else {
            task.run();
        }
    }

    @Override
    public void session(KeptSession session) {
        if (book.put(session)) {
            sessionsUnsaved = !append(book.record(session.shardId(), micros()));
        }
    }

    private boolean append(byte[] sessionRecords) {
        try {
            if (!active.hasPlaceFor(active.length() + (long) sessionRecords.length)) {
                roll(0);
                return true;
            }
            active.append(sessionRecords, 0, sessionRecords.length);
            diskBytes += sessionRecords.length;
            // A cursor that reads from memory must not take what stands here for what comes next.
            tail.add(
                    new Tail.Chunk(
                            active,
                            active.length() - sessionRecords.length,
                            active.length(),
                            sessionRecords));
            sync.touched(active);
            return true;
        } catch (IOException e) {
            // The next segment begins with it, or the next tick writes it.
            return !room.lacks(e);
        }
    }

    @Override
    public List<KeptSession> sessions() {
        return book.all();
    }

    @Override
    public OptionalLong lastSequence(int shardId, String sessionId) {
        return seen.highest(shardId, sessionId);
    }

    // ---- limits ----------------------------------------------------------------------------

    private void enforceLimits() {
        if (settings.whenFull() == LogSettings.WhenFull.DROP_OLDEST) {
            while (isOver() && dropOldest(DropReason.QUEUE_FULL)) {
                // One segment at a time.
            }
        }
    }

    private boolean isOver() {
        return diskBytes > settings.limits().maxBytes() || events > settings.limits().maxEvents();
    }

    /** Drops what can be dropped of the oldest segment where there is something. */
    private boolean dropOldest(DropReason reason) {
        for (Segment segment : segments.values()) {
            if (segment.unsettled() > 0 && drop(segment, reason)) {
                return true;
            }
        }
        return false;
    }

    private boolean drop(Segment segment, DropReason reason) {
        try {
            if (segment == active) {
                roll(0);
            }
            SegmentDrop drop =
                    new SegmentDrop(segment, notices.draft(micros()), drops, this::damaged);
            drop.gather(reason);
            if (drop.events() == 0) {
                // All that is left of it is on its way to the bot.
                return false;
            }
            drop.commit();
            events -= drop.events();
            bytes -= drop.bytes();
        } catch (IOException e) {
            return room.lacks(e) && room.giveUpReserve() && drop(segment, reason);
        }
        segment.passed(segment.length());
        if (cursor.segment() == segment) {
            cursor.moveTo(new LogPlace(segment.number(), segment.length()));
        }
        removeIfDone(segment);
        return true;
    }

    private void removeIfDone(Segment segment) {
        if (!segment.isDone()) {
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
        delete(segment);
    }

    // ---- reading ---------------------------------------------------------------------------

    @Override
    public @Nullable LogEntry next() {
        LogEntry ahead = overtaking.poll();
        if (ahead != null) {
            return ahead;
        }
        while (true) {
            if (!cursor.peek()) {
                return notices.isEmpty() ? null : notices.any(cursor.place());
            }
            DropReason expired =
                    lifetimes.isEmpty() ? null : lifetimes.expired(cursor.view(), micros());
            if (expired != null) {
                if (!expire(expired)) {
                    return null;
                }
                continue;
            }
            if (!notices.isEmpty()) {
                LogEntry notice =
                        notices.before(
                                cursor.view().shardId(), cursor.view().guildId(), cursor.place());
                if (notice != null) {
                    return notice;
                }
            }
            Segment segment = cursor.segment();
            LogEntry entry = LogEntry.of(cursor.view(), segment, cursor.offset());
            segment.hold(entry);
            cursor.pass();
            return entry;
        }
    }

    /** Drops the event at the cursor; false: that could not be written down. */
    private boolean expire(DropReason reason) {
        Segment segment = cursor.segment();
        int offset = cursor.offset();
        RecordView record = cursor.view();
        if (!writeDown(record, cursor.place(), reason)) {
            return false;
        }
        segment.settle(offset, record.length());
        events--;
        bytes -= record.length();
        cursor.pass();
        segment.passed(cursor.offset());
        removeIfDone(segment);
        return true;
    }

    private boolean writeDown(RecordView record, LogPlace place, DropReason reason) {
        GapNotices.Draft draft = notices.draft(micros());
        draft.add(record, place, reason);
        try {
            draft.commit();
        } catch (IOException e) {
            return room.lacks(e) && room.giveUpReserve() && writeDown(record, place, reason);
        }
        if (record.kind() == RecordKind.DISPATCH) {
            drops.add(record, reason);
        }
        return true;
    }

    @Override
    public boolean isWanted(LogEntry entry) {
        Segment segment = entry.segment();
        if (segment == null) {
            return true;
        }
        return switch (entry.fate()) {
            case WANTED -> lifetimes.isEmpty() || !expires(entry, segment);
            case DOOMED -> !drop(entry, segment, DropReason.QUEUE_FULL);
            case DROPPED -> false;
        };
    }

    private boolean expires(LogEntry entry, Segment segment) {
        entry.view(view);
        DropReason expired = lifetimes.expired(view, micros());
        return expired != null && drop(entry, segment, expired);
    }

    private boolean drop(LogEntry entry, Segment segment, DropReason reason) {
        entry.view(view);
        if (!writeDown(view, entry.place(), reason)) {
            return false;
        }
        entry.fate(LogEntry.Fate.DROPPED);
        settle(entry, segment);
        return true;
    }

    @Override
    public @Nullable LogEntry announcement(LogEntry unwanted) {
        return notices.isEmpty()
                ? null
                : notices.before(unwanted.shardId(), unwanted.guildId(), cursor.place());
    }

    @Override
    public void giveBack(LogEntry entry) {
        Segment segment = entry.segment();
        if (segment == null) {
            notices.giveBack(entry);
        } else if (!entry.released() && entry.fate() == LogEntry.Fate.WANTED) {
            segment.letGo(entry);
        }
    }

    @Override
    public void rewind(LogPlace place) {
        notices.goOn();
        if (place.compareTo(cursor.place()) < 0) {
            cursor.moveTo(place);
        }
    }

    @Override
    public void release(LogEntry entry) {
        if (entry.released() || closed) {
            return;
        }
        entry.release();
        Segment segment = entry.segment();
        if (segment == null) {
            try {
                notices.settled(entry);
            } catch (IOException e) {
                // The bot is told twice after a restart, at the worst.
                report.accept("an announcement can't be marked as told: " + e.getMessage());
            }
            return;
        }
        if (entry.fate() != LogEntry.Fate.DROPPED) {
            settle(entry, segment);
        }
    }

    private void settle(LogEntry entry, Segment segment) {
        segment.settle(entry);
        events--;
        bytes -= entry.length();
        removeIfDone(segment);
    }

    private void damaged(Segment segment, int offset, int length, String what) {
        damagedBytes += length;
        report.accept(
                segment.file() + ": " + length + " bytes at byte " + offset + " are lost: " + what);
    }

    // ---- time and the end ------------------------------------------------------------------

    @Override
    public void tick() {
        if (closed) {
            return;
        }
        if (settings.fsync() == LogSettings.Fsync.INTERVAL) {
            sync.start();
        }
        if (sessionsUnsaved) {
            sessionsUnsaved = !append(book.records(micros()));
        }
        room.reserve();
        long now = micros();
        while (true) {
            Segment oldest = segments.firstEntry().getValue();
            if (oldest == active
                    || oldest.unsettled() <= 0
                    || !lifetimes.allExpired(oldest.newestMicros(), now)
                    || !drop(oldest, DropReason.MAX_AGE)) {
                break;
            }
        }
    }

    @Override
    public LogUsage usage() {
        long oldest = 0;
        if (events > 0 && !closed && cursor.peek()) {
            oldest = cursor.view().receivedAtMicros();
        }
        return new LogUsage(
                Math.max(0, events) + notices.count(),
                Math.max(0, bytes) + notices.bytes(),
                diskBytes,
                segments.size(),
                drops.total(),
                drops.all(),
                notices.told(),
                duplicates,
                bad,
                damagedBytes,
                oldest,
                problem());
    }

    private Optional<String> problem() {
        if (!room.problem().isEmpty()) {
            return Optional.of(
                    "the disk of "
                            + settings.directory()
                            + " takes nothing more ("
                            + room.problem()
                            + "): "
                            + (settings.whenFull() == LogSettings.WhenFull.PAUSE
                                    ? "nothing is taken from Discord until it does"
                                    : "the oldest events are dropped to make room"));
        }
        if (settings.whenFull() == LogSettings.WhenFull.PAUSE
                && events > 0
                && (diskBytes >= settings.limits().maxBytes() * 9 / 10
                        || events >= settings.limits().maxEvents() * 9 / 10)) {
            return Optional.of(
                    "the queue is full: nothing is taken from Discord until there is room");
        }
        return sync.failed()
                ? Optional.of(
                        "the disk of " + settings.directory() + " does not take what is written")
                : Optional.empty();
    }

    private long micros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        active.seal();
        sync.touched(active);
        sync.close();
        try {
            journal.close();
            for (Segment segment : segments.values()) {
                segment.close();
            }
        } catch (IOException e) {
            report.accept("the log can't be closed: " + e.getMessage());
        }
    }
}
