package gw.supervisor.log;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The queue of events and the resume point: what is in it is safe. One cursor reads it: the HTTP
 * delivery. Owned by one thread, the data event loop.
 */
public interface DispatchLog extends BatchLog {
    /** Appends a batch that fills its array. */
    default AppendResult append(byte[] records) {
        return append(records, 0, records.length);
    }

    /**
     * Appends records that gw itself writes, which may be of any kind but {@code SESSION}; what is
     * known by (shard, session, sequence) is left out.
     */
    AppendResult appendOwn(byte[] array, int from, int to);

    /**
     * These sessions go on in this log, each from its sequence: what they had before is known, and
     * is not to come again.
     */
    void adopt(List<KeptSession> sessions);

    /** Those sessions are nobody's any more. */
    void forgetSessions(Predicate<KeptSession> which);

    /**
     * A shard holds this session now, or has lost it. To be told before the session's first record.
     */
    void session(KeptSession session);

    /** Each shard's last session, as far as the log knows. */
    List<KeptSession> sessions();

    /** The highest sequence of this session that is safe; empty when none was seen. */
    OptionalLong lastSequence(int shardId, String sessionId);

    /** The next event that is in nobody's hands; null: there is none, or {@link #hasMore}. */
    @Nullable LogEntry next();

    /**
     * Whether {@link #next} gave up its turn though there may be more: others wait for the thread.
     */
    boolean hasMore();

    /**
     * Whether the event is still to be delivered. False: a limit has dropped it, or drops it now,
     * and {@link #announcement} stands in its place.
     */
    boolean isWanted(LogEntry entry);

    /**
     * What the bot is to be told in the place of an event that isn't wanted; null: nothing more.
     */
    @Nullable LogEntry announcement(LogEntry unwanted);

    /**
     * The event, or the announcement, is not needed now. It comes again from {@link #next} after a
     * {@link #rewind} to its place, or to one before it.
     */
    void giveBack(LogEntry entry);

    /** Goes back: what was given back from this place on comes again, in order. */
    void rewind(LogPlace place);

    /** The event needs no place any more: it was delivered or given up. */
    void release(LogEntry entry);

    /** Does what time asks for; to be called about once a second. */
    void tick();

    /** What is held. */
    LogUsage usage();

    /** Writes all and closes the files. */
    void close();
}
