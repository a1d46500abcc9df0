package gw.worker;

import gw.record.RecordEncoder;
import gw.record.RecordKind;
import gw.worker.link.Batch;
import gw.worker.link.RecordChunk;
import gw.worker.link.SupervisorLink;
import gw.worker.shard.ShardRunner;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;

/**
 * Gathers the records of one burst of reading into a batch and sends it. Each is written once, to
 * where it stays until it is acked. Owned by the event loop.
 */
final class RecordBatcher {
    /** Small enough that several fit into a chunk: what is left over of one stays unused. */
    private static final int FLUSH_BYTES = 64 * 1024;

    private final RecordEncoder encoder = new RecordEncoder();
    private final ArrayList<ShardRunner> touched = new ArrayList<>();
    private final SupervisorLink link;
    private @Nullable RecordChunk chunk;

    /** Where in the chunk the batch begins that is being gathered, and where it ends so far. */
    private int from;

    private int to;

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
        RecordChunk into =
                chunkFor(RecordEncoder.lengthOf(session.length, nameLength, payloadLength));
        to +=
                encoder.encode(
                        into.bytes(),
                        to,
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

    private RecordChunk chunkFor(int bytes) {
        RecordChunk current = chunk;
        boolean fits = current != null && current.bytes().length - to >= bytes;
        // Before, not after: the marks of a batch are the sequences that the shards have taken, and
        // a shard takes one once its record is in here.
        if (!fits || to - from >= FLUSH_BYTES) {
            flush();
        }
        if (current == null || !fits) {
            if (current != null) {
                link.full(current);
            }
            current = link.chunk(bytes);
            chunk = current;
            from = 0;
            to = 0;
        }
        return current;
    }

    void flush() {
        RecordChunk current = chunk;
        if (current == null || to == from) {
            return;
        }
        Batch batch = link.batch(current, from, to - from);
        for (int i = 0; i < touched.size(); i++) {
            ShardRunner shard = touched.get(i);
            batch.mark(shard.shardId(), shard.sessionId(), shard.sequence());
        }
        touched.clear();
        from = to;
        link.send(batch);
    }

    int gatheredBytes() {
        return to - from;
    }
}
