package gw.supervisor.log;

import gw.record.RecordFormat;
import gw.record.RecordFormatException;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The log's writing end: takes what is new of each batch, and makes room where there is none. Owned
 * by one thread.
 */
final class LogWriter {
    private final LogSettings settings;
    private final InstantSource clock;
    private final LogWatcher watcher;
    private final SeenSequences seen;
    private final SessionBook book;
    private final SegmentChain chain;
    private final Tail tail;
    private final PagePool pages;
    private final LogCursor cursor;
    private final Overtaking overtaking;
    private final Shedding shedding;
    private final DiskRoom room;
    private final RecordView view = new RecordView();
    private long duplicates;
    private long bad;
    private @Nullable Page page;

    /** Bytes of the page that records stand on, from its start. */
    private int used;

    private boolean sessionsUnsaved;
    private boolean refused;

    /**
     * Writes to the chain's active segment.
     *
     * @param watcher is shown each record that is taken, once
     */
    LogWriter(
            LogSettings settings,
            InstantSource clock,
            LogWatcher watcher,
            SeenSequences seen,
            SessionBook book,
            SegmentChain chain,
            Tail tail,
            PagePool pages,
            LogCursor cursor,
            Overtaking overtaking,
            Shedding shedding,
            DiskRoom room) {
        this.settings = settings;
        this.clock = clock;
        this.watcher = watcher;
        this.seen = seen;
        this.book = book;
        this.chain = chain;
        this.tail = tail;
        this.pages = pages;
        this.cursor = cursor;
        this.overtaking = overtaking;
        this.shedding = shedding;
        this.room = room;
    }

    /** Records that came again. */
    long duplicates() {
        return duplicates;
    }

    /** Records that were none. */
    long bad() {
        return bad;
    }

    /** Whether the last batch was refused because the queue is full. */
    boolean isRefusing() {
        return refused;
    }

    /** See {@link DispatchLog#append} and {@link DispatchLog#appendOwn}. */
    AppendResult append(byte[] array, int from, int to, boolean own) {
        Page into = pageFor(to - from);
        int start = used;
        int length = 0;
        int taken = 0;
        int known = 0;
        Optional<String> problem = Optional.empty();
        for (int at = from; at < to; ) {
            int end;
            try {
                end = view.wrap(array, at, to);
                if (!own && view.kind() != RecordKind.DISPATCH && view.kind() != RecordKind.GAP) {
                    throw new RecordFormatException(at, "a worker writes no such records");
                }
            } catch (RecordFormatException e) {
                bad++;
                problem = Optional.of("damaged record: " + e.getMessage());
                break;
            }
            if (!seen.isNew(view)) {
                known++;
            } else if (own || watcher.arrives(view)) {
                taken++;
                System.arraycopy(array, at, into.bytes(), start + length, end - at);
                length += end - at;
            }
            at = end;
        }
        if (taken > 0) {
            watcher.writing();
            if (!write(into, start, length, taken)) {
                seen.takeBack();
                watcher.takenBack();
                return AppendResult.noRoom();
            }
            used = start + length;
        }
        seen.keep();
        watcher.kept();
        duplicates += known;
        shedding.enforce();
        return known == 0 && problem.isEmpty()
                ? AppendResult.whole(taken)
                : new AppendResult(taken, known, problem.isPresent() ? 1 : 0, problem, false);
    }

    /** The page to write on, with room for so many bytes behind what is used. */
    private Page pageFor(int bytes) {
        Page current = page;
        if (current == null || current.bytes().length - used < bytes) {
            if (current != null) {
                current.leave();
            }
            current = pages.take(bytes);
            page = current;
            used = 0;
        }
        return current;
    }

    private boolean write(Page into, int start, int length, int count) {
        if (settings.pauses() && shedding.wouldBeOver(length, count) && chain.events() > 0) {
            refused = true;
            return false;
        }
        boolean behind = overtaking.matters() && cursor.peek();
        Segment before = chain.active();
        int from;
        while (true) {
            try {
                from = chain.append(into.view(start, start + length));
                room.found();
                break;
            } catch (IOException e) {
                if (!room.lacks(e) || !makeRoom()) {
                    return false;
                }
            }
        }
        refused = false;
        Segment active = chain.active();
        if (active != before) {
            chain.removeIfDone(before, cursor);
        }
        tail.add(active, from, active.length(), into, start);
        for (int at = start; at < start + length; ) {
            int end = view.wrapChecked(into.bytes(), at);
            chain.count(view.length(), view.receivedAtMicros());
            watcher.taken(view);
            if (behind) {
                overtaking.offer(view, into, active, from + at - start);
            }
            at = end;
        }
        return true;
    }

    /** The disk is full: it behaves as the queue's limit. */
    private boolean makeRoom() {
        boolean gaveUpReserve = room.giveUpReserve();
        if (settings.pauses()) {
            return gaveUpReserve;
        }
        boolean dropped = shedding.dropOldest(DropReason.DISK_FULL);
        // What was dropped has to leave the disk at once.
        chain.sync().hurry();
        return dropped || gaveUpReserve;
    }

    /** See {@link DispatchLog#session}. */
    void session(KeptSession session) {
        if (book.put(session)) {
            sessionsUnsaved =
                    !append(
                            sessionsUnsaved
                                    ? book.records(RecordFormat.micros(clock))
                                    : book.record(session.shardId(), RecordFormat.micros(clock)));
        }
    }

    /** See {@link DispatchLog#adopt}. */
    void adopt(List<KeptSession> sessions) {
        for (KeptSession session : sessions) {
            seen.learn(session.shardId(), session.sessionId(), session.sequence());
            var _ = book.put(session);
        }
        // Each segment begins with them: now the last one does.
        sessionsUnsaved = !append(book.records(RecordFormat.micros(clock)));
    }

    private boolean append(byte[] sessionRecords) {
        try {
            int from = chain.append(ByteBuffer.wrap(sessionRecords));
            // A cursor that reads from memory must not take what stands here for what comes next.
            Segment active = chain.active();
            Page own = pages.of(sessionRecords);
            tail.add(active, from, active.length(), own, 0);
            own.leave();
            return true;
        } catch (IOException e) {
            // The next segment begins with it, or the next tick writes it.
            var _ = room.lacks(e);
            return false;
        }
    }

    /** Writes the sessions for which there was no room. */
    void saveSessions() {
        if (sessionsUnsaved) {
            sessionsUnsaved = !append(book.records(RecordFormat.micros(clock)));
        }
    }
}
