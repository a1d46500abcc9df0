package gw.supervisor.log;

import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * The log on disk: segments of records, appended as they came over the link, each with a map of
 * what is settled. Owned by one thread.
 */
public final class SegmentLog implements DispatchLog {
    /**
     * Events that have waited for too long and are dropped in one turn: others wait for the thread.
     */
    private static final int MOST_EXPIRED_A_TURN = 500;

    /** As many as the tail can hold, and a few for those who stand on some. */
    private static final int IDLE_PAGES = 40;

    private final LogSettings settings;
    private final Consumer<String> report;
    private final SeenSequences seen = new SeenSequences();
    private final SessionBook book = new SessionBook(seen);
    private final Tail tail = new Tail();
    private final PagePool pages = new PagePool(IDLE_PAGES);
    private final GapJournal journal;
    private final GapNotices notices;
    private final DiskRoom room;
    private final SegmentChain chain;
    private final LogCursor cursor;
    private final Overtaking overtaking;
    private final Shedding shedding;
    private final DamageWatch damage;
    private final LogWriter writer;
    private @Nullable Runnable waitsForRoom;
    private boolean gaveUpTurn;
    private boolean closed;

    /**
     * Opens the directory, keeps all that is good in it, and begins a new segment.
     *
     * @param owner runs tasks on the thread that owns the log
     * @param report hears in words of what is damaged or missing; any thread
     * @param watcher is shown each record that is taken, once, during {@link #append}
     * @throws NoRoomException when the disk is full
     * @throws IOException when the directory can't be read or written
     * @throws NewerLogException when a newer version of gw wrote it
     */
    public static SegmentLog open(
            LogSettings settings,
            InstantSource clock,
            Executor owner,
            Consumer<String> report,
            LogWatcher watcher)
            throws IOException, NewerLogException {
        try {
            var _ =
                    Files.createDirectories(
                            settings.directory(),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------")));
            return new SegmentLog(settings, clock, owner, report, watcher);
        } catch (IOException e) {
            // What was reserved for this is enough to begin with.
            if (DiskRoom.isLackOfRoom(e)
                    && new DiskRoom(settings.directory().resolve(LogFiles.RESERVE))
                            .giveUpReserve()) {
                return open(settings, clock, owner, report, watcher);
            }
            throw DiskRoom.isLackOfRoom(e) ? new NoRoomException(e) : e;
        }
    }

    private SegmentLog(
            LogSettings settings,
            InstantSource clock,
            Executor owner,
            Consumer<String> report,
            LogWatcher watcher)
            throws IOException, NewerLogException {
        this.settings = settings;
        this.report = report;
        LogFiles files = new LogFiles(settings, seen, book, watcher, report);
        DropCounts drops = new DropCounts();
        try {
            files.find();
            room = new DiskRoom(settings.directory().resolve(LogFiles.RESERVE));
            journal = GapJournal.open(settings.directory().resolve(LogFiles.GAPS), report);
            notices = new GapNotices(journal, new LogPlace(files.lastNumber() + 1, 0));
            damage =
                    new DamageWatch(
                            files.segments(),
                            files.recounted(),
                            tail,
                            seen,
                            book,
                            notices,
                            drops,
                            clock,
                            report);
            // Before anything is removed or forgotten.
            files.cuts().forEach(damage::look);
            files.damaged().forEach(damage::look);
            damage.announce();
            files.forgetCuts();
            chain = new SegmentChain(settings, clock, book, files, journal, owner, report);
        } catch (IOException | NewerLogException | RuntimeException e) {
            files.close();
            throw e;
        }
        cursor = new LogCursor(chain.segments(), tail, pages, damage);
        overtaking = new Overtaking(settings.catchUp());
        shedding = new Shedding(settings, clock, chain, cursor, notices, room, damage, drops);
        writer =
                new LogWriter(
                        settings,
                        clock,
                        watcher,
                        seen,
                        book,
                        chain,
                        tail,
                        pages,
                        cursor,
                        overtaking,
                        shedding,
                        room);
        room.reserve();
    }

    // ---- writing ---------------------------------------------------------------------------

    @Override
    public AppendResult append(byte[] array, int from, int to) {
        return closed ? AppendResult.noRoom() : writer.append(array, from, to, false);
    }

    @Override
    public AppendResult appendOwn(byte[] array, int from, int to) {
        return closed ? AppendResult.noRoom() : writer.append(array, from, to, true);
    }

    @Override
    public void adopt(List<KeptSession> sessions) {
        if (!closed) {
            writer.adopt(sessions);
        }
    }

    @Override
    public void forgetSessions(Predicate<KeptSession> which) {
        book.forget(which);
    }

    @Override
    public void session(KeptSession session) {
        if (!closed) {
            writer.session(session);
        }
    }

    @Override
    public void whenSafe(LongConsumer task, long number) {
        if (settings.fsync() == LogSettings.Fsync.ALWAYS) {
            chain.sync().then(() -> task.accept(number));
        } else {
            task.accept(number);
        }
    }

    @Override
    public void whenRoom(Runnable task) {
        waitsForRoom = task;
    }

    /** Not for a single event: to read on and to stop again costs more than to wait. */
    private boolean hasSomeRoom() {
        LogLimits limits = settings.limits();
        return chain.events() == 0
                || !shedding.wouldBeOver(limits.maxBytes() / 10, limits.maxEvents() / 10);
    }

    private void roomMayBe() {
        Runnable task = waitsForRoom;
        if (task != null) {
            waitsForRoom = null;
            task.run();
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

    // ---- reading ---------------------------------------------------------------------------

    @Override
    public @Nullable LogEntry next() {
        gaveUpTurn = false;
        LogEntry ahead = overtaking.poll();
        if (ahead != null) {
            return ahead;
        }
        for (int expired = 0; expired < MOST_EXPIRED_A_TURN; expired++) {
            boolean found = cursor.peek();
            if (damage.hasNews()) {
                damage.tryToAnnounce();
            }
            if (!found) {
                gaveUpTurn = cursor.gaveUp();
                return notices.isEmpty() || gaveUpTurn ? null : notices.any(cursor.place());
            }
            DropReason reason = shedding.expired();
            // Where nothing can be written down, late is better than never.
            if (reason == null || !shedding.dropAtCursor(reason)) {
                return handOut();
            }
        }
        gaveUpTurn = true;
        return null;
    }

    private LogEntry handOut() {
        RecordView record = cursor.view();
        if (!notices.isEmpty()) {
            LogEntry notice = notices.before(record.shardId(), record.guildId(), cursor.place());
            if (notice != null) {
                return notice;
            }
        }
        Segment segment = cursor.segment();
        LogEntry entry = LogEntry.of(record, cursor.page(), segment, cursor.offset());
        segment.hold(entry);
        cursor.pass();
        return entry;
    }

    @Override
    public boolean hasMore() {
        return gaveUpTurn;
    }

    @Override
    public boolean isWanted(LogEntry entry) {
        Segment segment = entry.segment();
        if (segment == null) {
            return true;
        }
        try {
            return !shedding.isSpoiled(entry, segment) && shedding.isWanted(entry, segment);
        } catch (UncheckedIOException e) {
            // It waits until the disk can be read.
            return true;
        }
    }

    @Override
    public @Nullable LogEntry announcement(LogEntry unwanted) {
        // One that overtook its guild's order says nothing about what is before it.
        return notices.isEmpty() || unwanted.overtakes() ? null : notices.insteadOf(unwanted);
    }

    @Override
    public void giveBack(LogEntry entry) {
        Segment segment = entry.segment();
        if (segment == null) {
            notices.giveBack(entry);
        } else if (!entry.released() && entry.fate() == LogEntry.Fate.WANTED) {
            segment.letGo(entry);
            entry.detach();
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
            segment.settle(entry);
            chain.settled(1, entry.length());
            chain.removeIfDone(segment, cursor);
            if (waitsForRoom != null && hasSomeRoom()) {
                roomMayBe();
            }
        }
    }

    // ---- time and the end ------------------------------------------------------------------

    @Override
    public void tick() {
        if (closed) {
            return;
        }
        if (settings.fsync() != LogSettings.Fsync.NEVER) {
            chain.sync().start();
        }
        writer.saveSessions();
        room.reserve();
        damage.tryToAnnounce();
        var _ = shedding.dropExpired();
        chain.sweep(cursor);
        if (hasSomeRoom() || !room.problem().isEmpty()) {
            roomMayBe();
        }
    }

    @Override
    public LogUsage usage() {
        long oldest = 0;
        if (chain.events() > 0 && !closed && cursor.peek()) {
            oldest = cursor.view().receivedAtMicros();
        }
        DropCounts drops = shedding.counts();
        return new LogUsage(
                chain.events() + notices.count(),
                chain.bytes() + notices.bytes(),
                chain.diskBytes(),
                chain.segments().size(),
                drops.total(),
                drops.all(),
                notices.told(),
                writer.duplicates(),
                writer.bad(),
                damage.bytes(),
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
                            + (settings.pauses()
                                    ? "nothing is taken from Discord until it does"
                                    : "the oldest events are dropped to make room"));
        }
        if (!cursor.trouble().isEmpty()) {
            return Optional.of("the queue can't be read, events wait: " + cursor.trouble());
        }
        if (writer.isRefusing()) {
            return Optional.of(
                    "the queue is full: nothing is taken from Discord until there is room");
        }
        return chain.sync().failed()
                ? Optional.of(
                        "the disk of " + settings.directory() + " does not take what is written")
                : shedding.recentLoss();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            chain.close();
            journal.close();
        } catch (IOException e) {
            report.accept("the log can't be closed: " + e.getMessage());
        }
    }
}
