package gw.supervisor.log;

import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/**
 * Fresh interactions that overtake the backlog, when the user wants it so: they die within seconds,
 * and what waits before them does not. Owned by one thread.
 */
final class Overtaking {
    private static final byte[] INTERACTION =
            "INTERACTION_CREATE".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST = 1_024;

    private final boolean wanted;
    private final ArrayDeque<LogEntry> ahead = new ArrayDeque<>();

    Overtaking(LogSettings.CatchUp catchUp) {
        wanted = catchUp == LogSettings.CatchUp.INTERACTIONS_FIRST;
    }

    boolean matters() {
        return wanted;
    }

    /** Takes the event ahead when it is an interaction; it is held from now on. */
    void offer(RecordView record, Page page, Segment segment, int offset) {
        if (ahead.size() < MOST && record.nameEquals(INTERACTION)) {
            LogEntry entry = LogEntry.of(record, page, segment, offset);
            entry.overtake();
            segment.holdAhead(entry);
            ahead.addLast(entry);
        }
    }

    @Nullable LogEntry poll() {
        return ahead.pollFirst();
    }
}
