package gw.supervisor.log;

import com.google.protobuf.ByteString;

import gw.record.RecordFormat;
import gw.record.RecordFormatException;
import gw.record.RecordKind;
import gw.record.RecordView;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The log's writing end: takes what is new of each batch, and makes room where there is none. Owned
 * by one thread.
 */
final class LogWriter {
    private final LogSettings settings;
    private final InstantSource clock;
    private final Consumer<RecordView> accepted;
    private final SeenSequences seen;
    private final SessionBook book;
    private final SegmentChain chain;
    private final Tail tail;
    private final LogCursor cursor;
    private final Overtaking overtaking;
    private final Shedding shedding;
    private final DiskRoom room;
    private final RecordView view = new RecordView();
    private long duplicates;
    private long bad;
    private boolean sessionsUnsaved;
    private boolean refused;

    /**
     * Writes to the chain's active segment.
     *
     * @param accepted is shown each record that is taken, once
     */
    LogWriter(
            LogSettings settings,
            InstantSource clock,
            Consumer<RecordView> accepted,
            SeenSequences seen,
            SessionBook book,
            SegmentChain chain,
            Tail tail,
            LogCursor cursor,
            Overtaking overtaking,
            Shedding shedding,
            DiskRoom room) {
        this.settings = settings;
        this.clock = clock;
        this.accepted = accepted;
        this.seen = seen;
        this.book = book;
        this.chain = chain;
        this.tail = tail;
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

    /** See {@link DispatchLog#append}. */
    AppendResult append(ByteString records) {
        byte[] array = records.toByteArray();
        int at = 0;
        int length = 0;
        int taken = 0;
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
                taken++;
                if (length < at) {
                    System.arraycopy(array, at, array, length, end - at);
                }
                length += end - at;
            } else {
                known++;
            }
            at = end;
        }
        if (taken > 0 && !write(array, length, taken)) {
            seen.takeBack();
            return AppendResult.noRoom();
        }
        seen.keep();
        duplicates += known;
        shedding.enforce();
        return new AppendResult(taken, known, problem.isPresent() ? 1 : 0, problem, false);
    }

    private boolean write(byte[] array, int length, int count) {
        if (settings.pauses() && shedding.wouldBeOver(length, count) && chain.events() > 0) {
            refused = true;
            return false;
        }
        boolean behind = overtaking.matters() && cursor.peek();
        Segment before = chain.active();
        int from;
        while (true) {
            try {
                from = chain.append(array, length);
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
        tail.add(new Tail.Chunk(active, from, active.length(), array));
        for (int at = 0; at < length; ) {
            int end = view.wrapChecked(array, at);
            chain.count(view.length(), view.receivedAtMicros());
            accepted.accept(view);
            if (behind) {
                overtaking.offer(view, active, from + at);
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

    private boolean append(byte[] sessionRecords) {
        try {
            int from = chain.append(sessionRecords, sessionRecords.length);
            // A cursor that reads from memory must not take what stands here for what comes next.
            Segment active = chain.active();
            tail.add(new Tail.Chunk(active, from, active.length(), sessionRecords));
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
