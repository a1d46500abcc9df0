package gw.model;

/**
 * A gateway session that can be resumed. It belongs to one shard id and one shard count and is
 * never resumed under others.
 *
 * @param id READY's {@code session_id}
 * @param resumeUrl READY's {@code resume_gateway_url}, without query parameters
 * @param sequence the durable sequence: the last one that is safe, from which Discord replays
 */
public record Session(String id, String resumeUrl, long sequence) {
    public Session {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("session id is empty");
        }
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence: " + sequence + " (expected: >= 0)");
        }
    }

    /** The same session at another sequence. */
    public Session withSequence(long newSequence) {
        return new Session(id, resumeUrl, newSequence);
    }
}
