package gw.worker.link;

import java.util.ArrayDeque;

/**
 * Chunks that are used again once all that stood in them is acked: in quiet times two of them carry
 * everything. Owned by the event loop.
 */
final class ChunkPool {
    /** Several batches of the usual size. */
    static final int CHUNK_BYTES = 256 * 1024;

    /** As much as a burst has under way; what is not used again soon is let go. */
    private static final int MOST_IDLE = 64;

    private static final int LEAST_IDLE = 1;

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

    /** Lets go of half of what lies idle: to be called now and then. */
    void trim() {
        for (int i = (idle.size() - LEAST_IDLE + 1) / 2; i > 0; i--) {
            var _ = idle.pollFirst();
        }
    }

    /** Takes the chunk back if nobody needs anything in it. */
    void offer(RecordChunk chunk) {
        if (chunk.isFree() && chunk.bytes().length == CHUNK_BYTES && idle.size() < MOST_IDLE) {
            idle.addLast(chunk);
        }
    }
}
