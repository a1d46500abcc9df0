package gw.worker.link;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The batches that the supervisor has not acked: kept to be sent again over the next attachment.
 * Batches are numbered anew by each. Owned by the event loop.
 */
final class UnackedWindow {
    private static final int MOST_SPARE = 64;

    private final ArrayDeque<Batch> batches = new ArrayDeque<>();
    private final ArrayDeque<Batch> spare = new ArrayDeque<>();
    private final RecordChunk none = new RecordChunk(0);
    private final ChunkPool chunks = new ChunkPool();
    private long bytes;
    private long firstNumber = 1;
    private long nextNumber = 1;

    /** See {@link SupervisorLink#chunk}. */
    RecordChunk chunk(int room) {
        return chunks.take(room);
    }

    /** See {@link SupervisorLink#full}. */
    void full(RecordChunk chunk) {
        chunk.full(true);
        chunks.offer(chunk);
    }

    /** See {@link SupervisorLink#trim}. */
    void trim() {
        chunks.trim();
    }

    /** See {@link SupervisorLink#batch}. */
    Batch batch(RecordChunk chunk, int from, int length) {
        Batch batch = spare.pollLast();
        if (batch == null) {
            return new Batch(chunk, from, length);
        }
        batch.begin(chunk, from, length);
        return batch;
    }

    /** Keeps a batch that is being sent and numbers it. */
    void add(Batch batch) {
        batch.chunk().sent();
        batch.numbered(nextNumber++);
        batches.addLast(batch);
        bytes += batch.length();
    }

    /**
     * Everything up to and with this batch is safe.
     *
     * @return false when no such batch was sent over this attachment
     */
    boolean acked(long number, LinkListener listener) {
        if (number >= nextNumber || number < firstNumber - 1) {
            return false;
        }
        while (firstNumber <= number) {
            Batch batch = batches.removeFirst();
            bytes -= batch.length();
            firstNumber++;
            batch.tell(listener);
            batch.chunk().acked();
            chunks.offer(batch.chunk());
            if (spare.size() < MOST_SPARE) {
                // While it waits it holds on to no memory.
                batch.begin(none, 0, 0);
                spare.addLast(batch);
            }
        }
        return true;
    }

    /** Begins a new attachment: gives what has to be sent again, in order, as numbers 1, 2, ... */
    List<Batch> restart() {
        firstNumber = 1;
        nextNumber = 1;
        for (Batch batch : batches) {
            batch.numbered(nextNumber++);
        }
        return new ArrayList<>(batches);
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }
}
