package gw.supervisor.log;

import gw.record.RecordFormatException;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was dropped and is still to be told, by the order (a guild, or a shard) in which it stood
 * (P1, P2). Owned by one thread.
 */
final class GapNotices {
    private final GapJournal journal;
    private final Map<Order, ArrayDeque<Notice>> waiting = new LinkedHashMap<>();
    private final RecordView view = new RecordView();
    private final Map<Order, List<Notice>> handedOut = new HashMap<>();
    private final Set<Order> heldBack = new HashSet<>();
    private long nextId;
    private int count;
    private long bytes;
    private long told;

    /** Events of one guild, or of one shard, have an order. */
    private record Order(int shardId, long guildId) {
        static Order of(RecordView record) {
            return of(record.shardId(), record.guildId());
        }

        static Order of(int shardId, long guildId) {
            return new Order(guildId == 0 ? shardId : -1, guildId);
        }
    }

    /**
     * One announcement that waits.
     *
     * @param from where the first of its events stood, as far as that is known
     * @param counting what it may still be counted on with; null: it is as it will be
     */
    private record Notice(GapJournal.Saved saved, LogPlace from, @Nullable GapNotice counting) {
        /** Of one event, or of which only the last one is known; it is as it will be. */
        Notice(GapJournal.Saved saved) {
            this(saved, saved.place(), null);
        }
    }

    /**
     * What an earlier process could not tell any more comes first.
     *
     * @param end of what is in the log
     */
    GapNotices(GapJournal journal, LogPlace end) {
        this.journal = journal;
        for (GapJournal.Saved one : journal.saved()) {
            // After a power cut the log may end before what was dropped from it.
            GapJournal.Saved saved =
                    one.place().compareTo(end) > 0
                            ? new GapJournal.Saved(one.id(), end, one.record())
                            : one;
            nextId = Math.max(nextId, saved.id());
            try {
                var _ = view.wrap(saved.record(), 0, saved.record().length);
                // They were written down as the events went, which need not be their order.
                insert(queue(Order.of(view)), new Notice(saved));
            } catch (RecordFormatException e) {
                // The frame was sound, so this was never a record: nobody can be told of it.
            }
        }
        nextId++;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    /** How many the bot has taken, ever. */
    long told() {
        return told;
    }

    /** Gathers what is to be dropped together; nothing has happened before its commit. */
    Draft draft(long nowMicros) {
        return new Draft(nowMicros);
    }

    /**
     * The first announcement of a guild's order, or of its shard's; with guild 0 of a shard's.
     *
     * @param upTo what stands behind it is not announced yet
     */
    @Nullable LogEntry before(int shardId, long guildId, LogPlace upTo) {
        LogEntry notice = before(Order.of(shardId, guildId), upTo);
        // What is told of the shard as a whole is not to wait for an event without a guild.
        return notice != null || guildId == 0 ? notice : before(Order.of(shardId, 0), upTo);
    }

    private @Nullable LogEntry before(Order order, LogPlace upTo) {
        ArrayDeque<Notice> queue = waiting.get(order);
        return queue == null ? null : take(order, queue, upTo);
    }

    /** The first announcement of any order that may be told here. */
    @Nullable LogEntry any(LogPlace upTo) {
        for (Map.Entry<Order, ArrayDeque<Notice>> entry : waiting.entrySet()) {
            LogEntry notice = take(entry.getKey(), entry.getValue(), upTo);
            if (notice != null) {
                return notice;
            }
        }
        return null;
    }

    /**
     * The first announcement, when it tells of an event which was dropped, or of one before it:
     * what tells of those behind it alone has its turn when they have.
     */
    @Nullable LogEntry insteadOf(LogEntry dropped) {
        Order order = Order.of(dropped.shardId(), dropped.guildId());
        ArrayDeque<Notice> queue = waiting.get(order);
        return queue == null || queue.getFirst().from().compareTo(dropped.place()) > 0
                ? null
                : handOut(order, queue);
    }

    private @Nullable LogEntry take(Order order, ArrayDeque<Notice> queue, LogPlace upTo) {
        Notice first = queue.getFirst();
        if (first.saved().place().compareTo(upTo) > 0 || heldBack.contains(order)) {
            return null;
        }
        return handOut(order, queue);
    }

    private LogEntry handOut(Order order, ArrayDeque<Notice> queue) {
        Notice first = queue.removeFirst();
        if (queue.isEmpty()) {
            waiting.remove(order);
        }
        handedOut.computeIfAbsent(order, _ -> new ArrayList<>(1)).add(first);
        var _ = view.wrapChecked(first.saved().record(), 0);
        return LogEntry.notice(view, first.saved().place(), first.saved().id());
    }

    /** What stands before it was passed over: nothing of its order is told before {@link #goOn}. */
    void giveBack(LogEntry notice) {
        Order order = Order.of(notice.shardId(), notice.guildId());
        Notice back = takeBack(order, notice.notice());
        if (back != null) {
            heldBack.add(order);
            queue(order).addFirst(back);
        }
    }

    private @Nullable Notice takeBack(Order order, long id) {
        List<Notice> out = handedOut.getOrDefault(order, List.of());
        for (Notice one : out) {
            if (one.saved().id() == id) {
                out.remove(one);
                if (out.isEmpty()) {
                    handedOut.remove(order);
                }
                return one;
            }
        }
        return null;
    }

    /** Whether an announcement of its own is about events between these places. */
    private boolean isOneBetween(Order order, LogPlace after, LogPlace before) {
        return isBetween(handedOut.get(order), after, before)
                || isBetween(waiting.get(order), after, before);
    }

    private static boolean isBetween(
            @Nullable Collection<Notice> notices, LogPlace after, LogPlace before) {
        if (notices == null) {
            return false;
        }
        for (Notice one : notices) {
            LogPlace place = one.saved().place();
            if (place.compareTo(after) > 0 && place.compareTo(before) < 0) {
                return true;
            }
        }
        return false;
    }

    /** What was passed over comes now. */
    void goOn() {
        heldBack.clear();
    }

    /** The bot has it. */
    void settled(LogEntry notice) throws IOException {
        var _ = takeBack(Order.of(notice.shardId(), notice.guildId()), notice.notice());
        told++;
        count--;
        bytes -= notice.length();
        journal.told(notice.notice());
    }

    /** In the order of the log; one of the same number is replaced. */
    private void insert(ArrayDeque<Notice> queue, Notice notice) {
        for (Notice old : queue) {
            if (old.saved().id() == notice.saved().id()) {
                queue.remove(old);
                count--;
                bytes -= old.saved().record().length;
                break;
            }
        }
        ArrayDeque<Notice> later = new ArrayDeque<>(0);
        while (!queue.isEmpty()
                && queue.getLast().saved().place().compareTo(notice.saved().place()) > 0) {
            later.addFirst(queue.removeLast());
        }
        queue.addLast(notice);
        queue.addAll(later);
        count++;
        bytes += notice.saved().record().length;
    }

    private ArrayDeque<Notice> queue(Order order) {
        return waiting.computeIfAbsent(order, _ -> new ArrayDeque<>(2));
    }

    /** Events that are to be dropped. */
    final class Draft {
        private final long nowMicros;
        private final Map<Order, GapNotice> counted = new LinkedHashMap<>();
        private final List<GapNotice> complete = new ArrayList<>();
        private final Set<Order> anew = new HashSet<>();
        private boolean allAnew;
        private final List<GapJournal.Saved> carried = new ArrayList<>();

        private Draft(long nowMicros) {
            this.nowMicros = nowMicros;
        }

        /** This one of a segment is dropped; an announcement among them is kept as it is. */
        void add(RecordView record, LogPlace at, DropReason reason) {
            add(record, at, reason, false);
        }

        private void add(RecordView record, LogPlace at, DropReason reason, boolean atCursor) {
            if (record.isAnnouncement()) {
                byte[] copy =
                        Arrays.copyOfRange(
                                record.array(), record.offset(), record.offset() + record.length());
                carried.add(new GapJournal.Saved(nextId++, at, copy));
                // What comes behind it is told behind it.
                cut(Order.of(record));
                return;
            }
            Order order = Order.of(record);
            GapNotice before = counted.get(order);
            if (before != null && isOneBetween(order, before.place(), at)) {
                cut(order);
            }
            GapNotice notice =
                    counted.computeIfAbsent(order, _ -> begin(order, record, at, reason, atCursor));
            notice.add(record, at);
            notice.endsAtCursor(atCursor);
        }

        /** This one among them stays: what becomes of it is open, and is told by itself. */
        void skip(RecordView record) {
            cut(Order.of(record));
        }

        /** What comes from here on is told apart from what came before. */
        void cut() {
            complete.addAll(counted.values());
            counted.clear();
            allAnew = true;
        }

        private void cut(Order order) {
            GapNotice before = counted.remove(order);
            if (before != null) {
                complete.add(before);
            }
            anew.add(order);
        }

        /**
         * The same for one that was handed out: others behind it are, too, and what becomes of
         * those is open, so nothing more is counted with it.
         */
        void addAlone(RecordView record, LogPlace at, DropReason reason) {
            if (record.isAnnouncement()) {
                add(record, at, reason);
                return;
            }
            GapNotice alone = new GapNotice(nextId++, reason, record, at);
            alone.add(record, at);
            carried.add(new GapJournal.Saved(alone.id(), at, alone.record(nowMicros)));
        }

        /**
         * The same for one that the cursor stands on. Between it and what a segment lost before
         * others may have been handed out, or given back, and what becomes of those is open.
         */
        void addAtCursor(RecordView record, LogPlace at, DropReason reason) {
            add(record, at, reason, true);
        }

        /** These can't be read any more. */
        void add(Loss loss) {
            carried.add(
                    new GapJournal.Saved(
                            nextId++, loss.place(), GapNotice.record(loss, nowMicros)));
        }

        private GapNotice begin(
                Order order, RecordView record, LogPlace at, DropReason reason, boolean atCursor) {
            ArrayDeque<Notice> queue = waiting.get(order);
            Notice last = queue == null ? null : queue.peekLast();
            GapNotice counting = last == null ? null : last.counting();
            return counting != null
                            && !allAnew
                            && !anew.contains(order)
                            && counting.reason() == reason
                            && counting.place().compareTo(at) < 0
                            && !isOneBetween(order, counting.place(), at)
                            && (!atCursor || (counting.endsAtCursor() && !heldBack.contains(order)))
                    ? new GapNotice(counting)
                    : new GapNotice(nextId++, reason, record, at);
        }

        /**
         * Writes the announcements down. After it the events may go.
         *
         * @throws IOException when there is no room; all is as it was
         */
        void commit() throws IOException {
            complete.addAll(counted.values());
            List<GapJournal.Saved> all = new ArrayList<>(carried);
            for (GapNotice one : complete) {
                all.add(new GapJournal.Saved(one.id(), one.place(), one.record(nowMicros)));
            }
            journal.put(all);
            Map<Long, GapNotice> known = new HashMap<>();
            complete.forEach(one -> known.put(one.id(), one));
            for (GapJournal.Saved saved : all) {
                var _ = view.wrapChecked(saved.record(), 0);
                Order order = Order.of(view);
                GapNotice notice = known.get(saved.id());
                insert(
                        queue(order),
                        notice == null
                                ? new Notice(saved)
                                : new Notice(
                                        saved,
                                        notice.from(),
                                        counted.get(order) == notice ? notice : null));
            }
        }
    }
}
