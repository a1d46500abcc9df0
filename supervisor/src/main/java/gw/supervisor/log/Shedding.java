package gw.supervisor.log;

import gw.record.RecordFormat;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets events go that the limits don't allow: first what the bot is to be told about them is
 * written down, then they are settled (P1, P7). Owned by one thread.
 */
final class Shedding {
    private static final long RECENT_MICROS = 60_000_000;

    private final LogSettings settings;
    private final InstantSource clock;
    private final SegmentChain chain;
    private final LogCursor cursor;
    private final GapNotices notices;
    private final DiskRoom room;
    private final DamageWatch damage;
    private final Lifetimes lifetimes;
    private final DropCounts counts;
    private final RecordView view = new RecordView();
    private long droppedAtMicros = Long.MIN_VALUE;
    private DropReason droppedFor = DropReason.QUEUE_FULL;

    /** Nothing was shed yet. */
    Shedding(
            LogSettings settings,
            InstantSource clock,
            SegmentChain chain,
            LogCursor cursor,
            GapNotices notices,
            DiskRoom room,
            DamageWatch damage,
            DropCounts counts) {
        this.settings = settings;
        this.clock = clock;
        this.chain = chain;
        this.cursor = cursor;
        this.notices = notices;
        this.room = room;
        this.damage = damage;
        this.counts = counts;
        this.lifetimes = new Lifetimes(settings.maxAge(), settings.ttl());
    }

    /** What was shed, ever. */
    DropCounts counts() {
        return counts;
    }

    /** That a limit has bitten a moment ago, in words for people; empty: none has. */
    Optional<String> recentLoss() {
        if (droppedAtMicros == Long.MIN_VALUE
                || RecordFormat.micros(clock) - droppedAtMicros > RECENT_MICROS) {
            return Optional.empty();
        }
        return Optional.of(
                "the oldest events are dropped: "
                        + (droppedFor == DropReason.DISK_FULL
                                ? "the disk is full"
                                : "the queue is full (--queue-max-bytes, --queue-max-events)"));
    }

    /** Whether so much more would be too much. */
    boolean wouldBeOver(long moreBytes, long moreEvents) {
        return chain.lastingBytes() + moreBytes > settings.limits().maxBytes()
                || chain.events() + moreEvents > settings.limits().maxEvents();
    }

    /** Drops the oldest until the limits hold. */
    void enforce() {
        if (settings.whenFull() == LogSettings.WhenFull.DROP_OLDEST) {
            while (wouldBeOver(0, 0) && dropOldest(DropReason.QUEUE_FULL)) {
                // One segment at a time.
            }
        }
    }

    /**
     * Drops what can be dropped of the oldest segment where there is something.
     *
     * @return false: there was nothing, or it could not be written down
     */
    boolean dropOldest(DropReason reason) {
        for (Segment segment : List.copyOf(chain.segments().values())) {
            if (segment.unsettled() > 0 && !segment.isPinned() && drop(segment, reason)) {
                return true;
            }
        }
        return false;
    }

    /** Drops the oldest segment when all of it has waited for too long. */
    boolean dropExpired() {
        Segment oldest = chain.segments().firstEntry().getValue();
        return oldest != chain.active()
                && oldest.unsettled() > 0
                && !oldest.isPinned()
                && lifetimes.allExpired(oldest.newestMicros(), RecordFormat.micros(clock))
                && drop(oldest, DropReason.MAX_AGE);
    }

    private boolean drop(Segment segment, DropReason reason) {
        SegmentDrop drop;
        try {
            if (segment == chain.active()) {
                chain.roll(0);
            }
            drop =
                    new SegmentDrop(
                            segment,
                            notices.draft(RecordFormat.micros(clock)),
                            counts,
                            reason,
                            damage);
            drop.gather();
            damage.announce();
            if (drop.events() > 0) {
                drop.commit();
            }
        } catch (IOException e) {
            return room.lacks(e) && room.giveUpReserve() && drop(segment, reason);
        }
        chain.settled(drop.events(), drop.bytes());
        if (drop.events() > 0 && reason != DropReason.MAX_AGE) {
            droppedAtMicros = RecordFormat.micros(clock);
            droppedFor = reason;
        }
        segment.passed(segment.length());
        if (cursor.segment() == segment) {
            cursor.moveTo(new LogPlace(segment.number(), segment.length()));
        }
        chain.removeIfDone(segment, cursor);
        // What is left of it is on its way to the bot just now.
        chain.pin(segment);
        return drop.events() > 0;
    }

    /** Why the event at the cursor is not worth delivering any more; null: it is. */
    @Nullable DropReason expired() {
        return lifetimes.isEmpty()
                ? null
                : lifetimes.expired(cursor.view(), RecordFormat.micros(clock));
    }

    /** Drops the event at the cursor; false: that could not be written down. */
    boolean dropAtCursor(DropReason reason) {
        Segment segment = cursor.segment();
        RecordView record = cursor.view();
        if (!writeDown(
                record, reason, draft -> draft.addAtCursor(record, cursor.place(), reason))) {
            return false;
        }
        segment.settle(cursor.offset(), record.length());
        chain.settled(1, record.length());
        cursor.pass();
        segment.passed(cursor.offset());
        chain.removeIfDone(segment, cursor);
        return true;
    }

    /** Whether an event that was handed out is still to be delivered; else it is dropped now. */
    boolean isWanted(LogEntry entry, Segment segment) {
        return switch (entry.fate()) {
            case WANTED -> lifetimes.isEmpty() || !expires(entry, segment);
            case DOOMED -> !dropDoomed(entry, segment);
            case DROPPED -> false;
        };
    }

    private boolean dropDoomed(LogEntry entry, Segment segment) {
        DropReason reason = entry.doomedFor();
        return reason != null && drop(entry, segment, reason);
    }

    private boolean expires(LogEntry entry, Segment segment) {
        entry.view(view);
        DropReason expired = lifetimes.expired(view, RecordFormat.micros(clock));
        return expired != null && drop(entry, segment, expired);
    }

    /** Whether the disk has spoiled it since it was handed out; it is given up then. */
    boolean isSpoiled(LogEntry entry, Segment segment) {
        Optional<String> what = entry.damage(view);
        if (what.isEmpty() || entry.fate() == LogEntry.Fate.DROPPED) {
            return false;
        }
        damage.found(segment, entry.offset(), entry.length(), what.get());
        damage.tryToAnnounce();
        giveUp(entry, segment);
        return true;
    }

    private void giveUp(LogEntry entry, Segment segment) {
        entry.dropped();
        segment.settle(entry);
        chain.settled(1, entry.length());
        chain.removeIfDone(segment, cursor);
    }

    private boolean drop(LogEntry entry, Segment segment, DropReason reason) {
        entry.view(view);
        if (!writeDown(view, reason, draft -> draft.addAlone(view, entry.place(), reason))) {
            return false;
        }
        giveUp(entry, segment);
        return true;
    }

    private boolean writeDown(
            RecordView record, DropReason reason, Consumer<GapNotices.Draft> added) {
        GapNotices.Draft draft = notices.draft(RecordFormat.micros(clock));
        added.accept(draft);
        try {
            draft.commit();
        } catch (IOException e) {
            return room.lacks(e) && room.giveUpReserve() && writeDown(record, reason, added);
        }
        if (record.kind() == RecordKind.DISPATCH) {
            counts.add(record, reason);
        }
        return true;
    }
}
