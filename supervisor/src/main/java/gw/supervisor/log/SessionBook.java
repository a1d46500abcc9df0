package gw.supervisor.log;

import gw.record.RecordBuffer;
import gw.record.RecordKind;
import gw.record.RecordView;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The sessions that the shards hold, as records of the log: each change is one, and each segment
 * begins with all of them, so that the last segment tells everything (P4). Owned by one thread.
 *
 * <p>A session record's payload: u8 version (1), u8 flags (1: it has ended), i64 intents, the
 * resume URL.
 */
final class SessionBook {
    private static final int VERSION = 1;
    private static final int ENDED = 1;
    private static final int FIXED_BYTES = 10;
    private static final byte[] NAME = "GW_SESSION".getBytes(StandardCharsets.US_ASCII);

    private final TreeMap<Integer, KeptSession> sessions = new TreeMap<>();
    private final SeenSequences seen;

    SessionBook(SeenSequences seen) {
        this.seen = seen;
    }

    /**
     * Takes a change over.
     *
     * @return whether it is one
     */
    boolean put(KeptSession session) {
        KeptSession before = sessions.get(session.shardId());
        if (before != null
                && before.sessionId().equals(session.sessionId())
                && before.ended() == session.ended()
                && before.shardCount() == session.shardCount()) {
            return false;
        }
        // The end of one that was followed by another is no news.
        if (session.ended() && before != null && !before.sessionId().equals(session.sessionId())) {
            return false;
        }
        sessions.put(session.shardId(), session);
        return true;
    }

    /** Reads a session record; one that isn't understood is left out. */
    void learn(RecordView record) {
        ByteBuffer payload =
                ByteBuffer.wrap(record.array(), record.payloadOffset(), record.payloadLength());
        if (record.sessionLength() == 0
                || payload.remaining() < FIXED_BYTES
                || payload.get() != VERSION) {
            return;
        }
        boolean ended = (payload.get() & ENDED) != 0;
        long intents = payload.getLong();
        String url = StandardCharsets.UTF_8.decode(payload).toString();
        sessions.put(
                record.shardId(),
                new KeptSession(
                        record.shardId(),
                        record.shardCount(),
                        intents,
                        record.sessionId(),
                        url,
                        0,
                        ended));
    }

    /** Each shard's last session, with the sequence that is in the log. */
    List<KeptSession> all() {
        List<KeptSession> all = new ArrayList<>(sessions.size());
        for (KeptSession session : sessions.values()) {
            all.add(
                    new KeptSession(
                            session.shardId(),
                            session.shardCount(),
                            session.intents(),
                            session.sessionId(),
                            session.resumeUrl(),
                            Math.max(0, highest(session)),
                            session.ended()));
        }
        return all;
    }

    /** The records that tell all of them. */
    byte[] records(long nowMicros) {
        return records(sessions.values(), nowMicros);
    }

    /** The record that tells this shard's. */
    byte[] record(int shardId, long nowMicros) {
        KeptSession session = sessions.get(shardId);
        return session == null ? new byte[0] : records(List.of(session), nowMicros);
    }

    private byte[] records(Collection<KeptSession> some, long nowMicros) {
        RecordBuffer buffer = new RecordBuffer(256);
        for (KeptSession session : some) {
            byte[] url = session.resumeUrl().getBytes(StandardCharsets.UTF_8);
            byte[] payload =
                    ByteBuffer.allocate(FIXED_BYTES + url.length)
                            .put((byte) VERSION)
                            .put((byte) (session.ended() ? ENDED : 0))
                            .putLong(session.intents())
                            .put(url)
                            .array();
            var _ =
                    buffer.append(
                            RecordKind.SESSION,
                            session.shardId(),
                            session.shardCount(),
                            highest(session),
                            0,
                            nowMicros,
                            session.sessionId().getBytes(StandardCharsets.ISO_8859_1),
                            NAME,
                            0,
                            NAME.length,
                            payload,
                            0,
                            payload.length);
        }
        return buffer.toByteArray();
    }

    private long highest(KeptSession session) {
        return seen.highest(session.shardId(), session.sessionId()).orElse(-1);
    }
}
