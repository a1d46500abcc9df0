package gw.worker.link;

import java.io.InputStream;
import java.util.Arrays;

/**
 * Records that are sent together, and how far they carry each session. Used again once it is acked.
 * Owned by the event loop.
 */
public final class Batch implements Outgoing {
    private final RecordsStream stream = new RecordsStream();
    private RecordChunk chunk;
    private int from;
    private int length;
    private long number;
    private int marks;
    private int[] shardIds = new int[1];
    private String[] sessionIds = new String[1];
    private long[] sequences = new long[1];

    Batch(RecordChunk chunk, int from, int length) {
        this.chunk = chunk;
        begin(chunk, from, length);
    }

    /** It is about these records now. */
    void begin(RecordChunk in, int at, int bytes) {
        chunk = in;
        from = at;
        length = bytes;
        marks = 0;
        stream.end();
    }

    /**
     * Says how far it carries a session.
     *
     * @param sequence the session's last one in the batch
     */
    public void mark(int shardId, String sessionId, long sequence) {
        if (marks == shardIds.length) {
            shardIds = Arrays.copyOf(shardIds, 2 * marks);
            sessionIds = Arrays.copyOf(sessionIds, 2 * marks);
            sequences = Arrays.copyOf(sequences, 2 * marks);
        }
        shardIds[marks] = shardId;
        sessionIds[marks] = sessionId;
        sequences[marks] = sequence;
        marks++;
    }

    /** All that it holds is safe. */
    void tell(LinkListener listener) {
        for (int i = 0; i < marks; i++) {
            listener.durable(shardIds[i], sessionIds[i], sequences[i]);
        }
    }

    /** It goes over the link under this number. */
    void numbered(long newNumber) {
        number = newNumber;
    }

    /** What goes over the link; each call begins it anew, and ends what was given before. */
    InputStream bytes() {
        stream.begin(number, chunk.bytes(), from, length);
        return stream;
    }

    RecordChunk chunk() {
        return chunk;
    }

    int from() {
        return from;
    }

    int length() {
        return length;
    }
}
