package gw.worker;

import gw.record.RecordEncoder;
import gw.record.RecordFormat;
import gw.record.RecordKind;
import gw.worker.link.Batch;
import gw.worker.link.RecordChunk;
import gw.worker.link.SupervisorLink;
import gw.worker.shard.ShardRunner;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Gathers the records of one burst of reading into a batch and sends it. Each is written once, to
 * where it stays until it is acked. Owned by the event loop.
 */
final class RecordBatcher {
    /** Small enough that several fit into a chunk: what is left over of one stays unused. */
    private static final int FLUSH_BYTES = 64 * 1024;

    /** Enough to be worth a hop over the link at once. */
    private static final int WORTH_BYTES = 16 * 1024;

    /**
     * A hop over the link costs more than an event in it. Where events are further apart than this
     * each has its own, and waits for nothing; where they are closer they share one.
     */
    private static final long PAUSE_NANOS = 150_000;

    private final RecordEncoder encoder = new RecordEncoder();
    private final ArrayList<ShardRunner> touched = new ArrayList<>();
    private final SupervisorLink link;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final LongConsumer wakeAfter;
    private long flushedAtNanos;
    private boolean waking;

    /** When what is read came; 0: the clock is still to be asked. */
    private long cameAtMicros;

    private @Nullable RecordChunk chunk;

    /** Where in the chunk the batch begins that is being gathered, and where it ends so far. */
    private int from;

    private int to;

    /**
     * A batcher without records.
     *
     * @param nanos monotonic
     * @param wakeAfter calls {@link #wake} once, so many nanoseconds later
     */
    RecordBatcher(
            SupervisorLink link, InstantSource clock, LongSupplier nanos, LongConsumer wakeAfter) {
        this.link = link;
        this.clock = clock;
        this.nanos = nanos;
        this.wakeAfter = wakeAfter;
        this.flushedAtNanos = nanos.getAsLong() - PAUSE_NANOS;
    }

    /** Bytes came off a socket: all records that they make up came now. */
    void came() {
        cameAtMicros = 0;
    }

    void append(
            ShardRunner shard,
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
        // Not before: a chunk that is full sends what it holds, and with it the time of its
        // records.
        if (cameAtMicros == 0) {
            cameAtMicros = RecordFormat.micros(clock);
        }
        to +=
                encoder.encode(
                        into.bytes(),
                        to,
                        kind,
                        shard.shardId(),
                        shard.shardCount(),
                        sequence,
                        guildId,
                        cameAtMicros,
                        session,
                        name,
                        nameOffset,
                        nameLength,
                        payload,
                        payloadOffset,
                        payloadLength);
        // A burst is of one socket, so the last one it is mostly; there are few others.
        if (touched.isEmpty() || (touched.getLast() != shard && !touched.contains(shard))) {
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

    /** A burst of reading is over: sends what was gathered, now or within {@link #PAUSE_NANOS}. */
    void flushSoon() {
        if (to == from || waking) {
            if (to - from >= WORTH_BYTES) {
                flush();
            }
            return;
        }
        long pause = PAUSE_NANOS - (nanos.getAsLong() - flushedAtNanos);
        if (pause <= 0 || to - from >= WORTH_BYTES) {
            flush();
        } else {
            waking = true;
            wakeAfter.accept(pause);
        }
    }

    /** The time that was asked for has come. */
    void wake() {
        waking = false;
        flush();
    }

    /** Sends what was gathered. */
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
        cameAtMicros = 0;
        flushedAtNanos = nanos.getAsLong();
        link.send(batch);
    }

    int gatheredBytes() {
        return to - from;
    }
}
