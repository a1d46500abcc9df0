package gw.supervisor.log;

import com.google.protobuf.ByteString;

import org.jspecify.annotations.Nullable;

import java.util.OptionalLong;

/**
 * The queue of events and the resume point: what is in it is safe. One cursor reads it: the HTTP
 * delivery. Owned by one thread, the data event loop.
 */
public interface DispatchLog {
    /** Appends a batch of records in {@code gw.record.RecordFormat}. */
    AppendResult append(ByteString records);

    /** The highest sequence of this session that is safe; empty when none was seen. */
    OptionalLong lastSequence(int shardId, String sessionId);

    /** The next event that the cursor has not read; null: it stands at the end. */
    @Nullable LogEntry next();

    /** Whether it holds more than its limits. */
    boolean isFull();

    /** The event needs no place any more: it was delivered or given up. */
    void release(LogEntry entry);

    /** What is held. */
    LogUsage usage();
}
