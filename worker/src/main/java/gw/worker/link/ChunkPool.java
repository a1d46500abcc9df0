package gw.worker.link;

import java.util.ArrayDeque;

/**
 * Chunks that are used again once all that stood in them is acked: in quiet times two of them carry
 * everything. Owned by the event loop.
 */
final class ChunkPool {
    /** Several batches of the usual size. */
    static final int CHUNK_BYTES = 256 * 1024;

    private static final int MOST_IDLE = 8;

    private final ArrayDeque<RecordChunk> idle = new ArrayDeque<>();

    /** An empty chunk with room for at least so many bytes. */
    RecordChunk take(int bytes) {
        if (bytes > CHUNK_BYTES) {
            return new RecordChunk(bytes);
        }
        RecordChunk chunk = idle.pollLast();
        if (chunk == null) {
            return new RecordChunk(CHUNK_BYTES);
        }
        chunk.full(false);
        return chunk;
    }

    /** Takes the chunk back if nobody needs anything in it. */
    void offer(RecordChunk chunk) {
        if (chunk.isFree() && chunk.bytes().length == CHUNK_BYTES && idle.size() < MOST_IDLE) {
            idle.addLast(chunk);
        }
    }
}
