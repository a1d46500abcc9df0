package gw.supervisor.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the log is kept.
 *
 * @param directory its own; made when missing
 * @param limits what may wait for the bot
 * @param maxAge events older than this are dropped; empty: none are for their age
 * @param ttl the same for single event types, by name
 * @param whenFull what gives at the limit
 * @param fsync when the disk is waited for
 * @param catchUp what goes first when there is a backlog
 * @param bootId names this run of the machine: what an earlier one left unsynced may have holes
 */
public record LogSettings(
        Path directory,
        LogLimits limits,
        Optional<Duration> maxAge,
        Map<String, Duration> ttl,
        WhenFull whenFull,
        Fsync fsync,
        CatchUp catchUp,
        String bootId) {
    private static final long SMALLEST_SEGMENT = 64 * 1024;
    private static final long USUAL_SEGMENT = 16L * 1024 * 1024;
    private static final long LARGEST_SEGMENT = 1024L * 1024 * 1024;
    private static final int MOST_SEGMENTS = 1024;
    private static final int SEGMENTS = 32;
    private static final int FEWEST_EVENTS = 16;

    public LogSettings {
        ttl = Map.copyOf(ttl);
    }

    /** What gives when the queue is full. */
    public enum WhenFull {
        /** The oldest events go, counted and announced. */
        DROP_OLDEST,
        /** Nothing more is taken from Discord until there is room. */
        PAUSE
    }

    /** When the disk is waited for. A killed process loses nothing in any of them. */
    public enum Fsync {
        /** The system decides. */
        NEVER,
        /** Once a second. */
        INTERVAL,
        /** Before a batch is acked. */
        ALWAYS
    }

    /** What goes first when there is a backlog. */
    public enum CatchUp {
        /** All in Discord's order. */
        OLDEST_FIRST,
        /** Fresh interactions overtake the backlog, for they die within seconds. */
        INTERACTIONS_FIRST
    }

    /** Sane defaults around a directory and its limits. */
    public static LogSettings of(Path directory, LogLimits limits) {
        return new LogSettings(
                directory,
                limits,
                Optional.empty(),
                Map.of(),
                WhenFull.DROP_OLDEST,
                Fsync.INTERVAL,
                CatchUp.OLDEST_FIRST,
                "");
    }

    /** Whether a full queue takes nothing more. */
    boolean pauses() {
        return whenFull == WhenFull.PAUSE;
    }

    /**
     * Bytes after which a segment is sealed: a small part of the limit, for the limit drops whole
     * segments.
     */
    long segmentBytes() {
        long usual = Math.clamp(limits.maxBytes() / SEGMENTS, SMALLEST_SEGMENT, USUAL_SEGMENT);
        // Each has two open files and a mapping: there are not to be more than some thousands.
        return Math.clamp(limits.maxBytes() / MOST_SEGMENTS, usual, LARGEST_SEGMENT);
    }

    /** Events after which a segment is sealed. */
    long segmentEvents() {
        return Math.max(FEWEST_EVENTS, limits.maxEvents() / SEGMENTS);
    }
}
