package gw.supervisor.log;

import gw.record.RecordView;

/**
 * One event in the log: a place in a batch's array, which is shared by all events of the batch.
 * Owned by the data event loop.
 */
public final class LogEntry {
    private final byte[] array;
    private final int offset;
    private final int length;
    private final int shardId;
    private final long guildId;
    private boolean released;
    private boolean taken;

    LogEntry(byte[] array, int offset, int length, int shardId, long guildId) {
        this.array = array;
        this.offset = offset;
        this.length = length;
        this.shardId = shardId;
        this.guildId = guildId;
    }

    /** Moves a view onto the record. */
    public void view(RecordView view) {
        var _ = view.wrapChecked(array, offset);
    }

    /** The record's length in bytes. */
    public int length() {
        return length;
    }

    public int shardId() {
        return shardId;
    }

    /** The routing key, 0: the shard's own order. */
    public long guildId() {
        return guildId;
    }

    boolean released() {
        return released;
    }

    void release() {
        released = true;
    }

    /** Whether the cursor has handed it out. */
    boolean taken() {
        return taken;
    }

    void take() {
        taken = true;
    }
}
