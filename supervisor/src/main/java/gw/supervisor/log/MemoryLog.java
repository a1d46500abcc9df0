package gw.supervisor.log;

import com.google.protobuf.ByteString;

import gw.record.RecordFormatException;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The log in memory. A batch's array is kept as long as one of its events is held. At the limit the
 * oldest events that the cursor has not read are dropped, counted and announced in their place.
 */
public final class MemoryLog implements DispatchLog {
    private final LogLimits limits;
    private final InstantSource clock;
    private final Consumer<RecordView> accepted;
    private final SeenSequences seen = new SeenSequences();
    private final ArrayDeque<LogEntry> unread = new ArrayDeque<>();
    private final ArrayDeque<LogEntry> announcements = new ArrayDeque<>();
    private final Map<Order, GapNotice> notices = new LinkedHashMap<>();
    private final RecordView view = new RecordView();
    private long events;
    private long bytes;
    private long dropped;
    private long gaps;
    private long duplicates;
    private long bad;

    /** Events of one guild, or of one shard, have an order. */
    private record Order(int shardId, long guildId) {}

    /** An empty log. */
    public MemoryLog(LogLimits limits, InstantSource clock) {
        this(limits, clock, _ -> {});
    }

    /** One that shows each record that it takes, once, during {@link #append}. */
    public MemoryLog(LogLimits limits, InstantSource clock, Consumer<RecordView> accepted) {
        this.accepted = accepted;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public AppendResult append(ByteString records) {
        // One copy for the batch; its events share the array.
        byte[] array = records.toByteArray();
        int at = 0;
        int taken = 0;
        int known = 0;
        while (at < array.length) {
            int end;
            try {
                end = view.wrap(array, at, array.length);
            } catch (RecordFormatException e) {
                bad++;
                return new AppendResult(
                        taken, known, 1, Optional.of("damaged record: " + e.getMessage()));
            }
            if (seen.isNew(view)) {
                taken++;
                accepted.accept(view);
                add(new LogEntry(array, at, end - at, view.shardId(), view.guildId()));
            } else {
                known++;
            }
            at = end;
        }
        duplicates += known;
        enforceLimits();
        return new AppendResult(taken, known, 0, Optional.empty());
    }

    private void add(LogEntry entry) {
        unread.addLast(entry);
        events++;
        bytes += entry.length();
    }

    private void enforceLimits() {
        while (isFull()) {
            LogEntry oldest = unread.pollFirst();
            if (oldest == null) {
                // What is left is being delivered, and the delivery is bounded by itself.
                return;
            }
            oldest.view(view);
            if (view.kind() == RecordKind.GAP) {
                // The end of a session must be told, whatever is dropped.
                announcements.addLast(oldest);
                continue;
            }
            dropped++;
            GapNotice notice =
                    notices.computeIfAbsent(
                            new Order(
                                    oldest.guildId() == 0 ? oldest.shardId() : -1,
                                    oldest.guildId()),
                            _ -> new GapNotice(view));
            notice.add(view);
            release(oldest);
        }
    }

    @Override
    public OptionalLong lastSequence(int shardId, String sessionId) {
        return seen.highest(shardId, sessionId);
    }

    @Override
    public boolean isFull() {
        return bytes > limits.maxBytes() || events > limits.maxEvents();
    }

    private LogEntry announce(GapNotice notice) {
        gaps++;
        LogEntry entry = notice.entry(micros());
        events++;
        bytes += entry.length();
        return entry;
    }

    @Override
    public @Nullable LogEntry next() {
        LogEntry announcement = announcements.pollFirst();
        if (announcement != null) {
            return announcement;
        }
        if (!notices.isEmpty()) {
            // What was dropped stood before everything that is unread.
            var first = notices.entrySet().iterator();
            GapNotice notice = first.next().getValue();
            first.remove();
            return announce(notice);
        }
        return unread.pollFirst();
    }

    @Override
    public void release(LogEntry entry) {
        if (entry.released()) {
            return;
        }
        entry.release();
        events--;
        bytes -= entry.length();
    }

    @Override
    public LogUsage usage() {
        LogEntry oldest = unread.peekFirst();
        long oldestAt = 0;
        if (oldest != null) {
            oldest.view(view);
            oldestAt = view.receivedAtMicros();
        }
        return new LogUsage(events, bytes, dropped, gaps, duplicates, bad, oldestAt);
    }

    private long micros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
