package gw.supervisor.log;

import gw.record.RecordView;

import java.util.Arrays;

/**
 * One event in the log: a place in a batch's array, which is shared by all events of the batch.
 * Owned by the data event loop.
 */
public final class LogEntry {
    private byte[] array;
    private int offset;
    private final int length;
    private final int shardId;
    private final long guildId;
    private boolean released;

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

    /**
     * Leaves the batch's array for one of its own, so that an event that waits for long doesn't
     * hold on to its neighbours' memory.
     */
    public void detach() {
        if (array.length != length) {
            array = Arrays.copyOfRange(array, offset, offset + length);
            offset = 0;
        }
    }

    /** When it was taken from Discord, microseconds since the epoch. */
    public long receivedAtMicros(RecordView view) {
        view(view);
        return view.receivedAtMicros();
    }

    boolean released() {
        return released;
    }

    void release() {
        released = true;
    }
}
