package gw.worker;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import gw.record.RecordBuffer;
import gw.record.RecordKind;
import gw.worker.link.Mark;
import gw.worker.link.SupervisorLink;
import gw.worker.shard.ShardRunner;

import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the records of one burst of reading into a batch and sends it. Owned by the event loop.
 */
final class RecordBatcher {
    private static final int FLUSH_BYTES = 256 * 1024;

    private final RecordBuffer buffer = new RecordBuffer(64 * 1024);
    private final List<ShardRunner> touched = new ArrayList<>();
    private final SupervisorLink link;

    RecordBatcher(SupervisorLink link) {
        this.link = link;
    }

    void append(
            ShardRunner shard,
            long receivedAtMicros,
            RecordKind kind,
            long sequence,
            long guildId,
            byte[] session,
            byte[] name,
            int nameOffset,
            int nameLength,
            byte[] payload,
            int payloadOffset,
            int payloadLength) {
        // Before, not after: the marks of a batch are the sequences that the shards have taken, and
        // a shard takes one once its record is in here.
        if (buffer.length() >= FLUSH_BYTES) {
            flush();
        }
        var _ =
                buffer.append(
                        kind,
                        shard.shardId(),
                        shard.shardCount(),
                        sequence,
                        guildId,
                        receivedAtMicros,
                        session,
                        name,
                        nameOffset,
                        nameLength,
                        payload,
                        payloadOffset,
                        payloadLength);
        // A burst is of one socket, so of one shard: the list stays tiny.
        if (touched.isEmpty() || touched.getLast() != shard) {
            touched.add(shard);
        }
    }

    void flush() {
        if (buffer.count() == 0) {
            return;
        }
        List<Mark> marks = new ArrayList<>(touched.size());
        for (ShardRunner shard : touched) {
            marks.add(new Mark(shard.shardId(), shard.sessionId(), shard.sequence()));
        }
        ByteString records = UnsafeByteOperations.unsafeWrap(buffer.toByteArray());
        buffer.clear();
        touched.clear();
        link.send(records, marks);
    }

    long gatheredBytes() {
        return buffer.length();
    }
}
