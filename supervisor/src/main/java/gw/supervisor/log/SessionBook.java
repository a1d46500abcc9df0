package gw.supervisor.log;

import gw.record.RecordBuffer;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The sessions that the shards hold, as records of the log: each change is one, and each segment
 * begins with all of them, so that the last segment tells everything (P4). Owned by one thread.
 *
 * <p>A session record's payload: u8 version (1), u8 flags (1: it has ended, 2: it follows another
 * whose end was not announced), i64 intents, with flag 2 a u16 length and that other's id, the
 * resume URL.
 */
final class SessionBook {
    private static final int VERSION = 1;
    private static final int ENDED = 1;
    private static final int FOLLOWS = 2;
    private static final int FIXED_BYTES = 10;
    private static final byte[] NAME = "GW_SESSION".getBytes(StandardCharsets.US_ASCII);

    private final TreeMap<Integer, KeptSession> sessions = new TreeMap<>();
    private final TreeMap<Integer, KeptSession> unannounced = new TreeMap<>();
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
        // Until something of the next is in the log nobody has announced the end of this one.
        if (before != null && before.ended() && !session.ended()) {
            unannounced.put(session.shardId(), before);
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
        int flags = payload.get();
        boolean ended = (flags & ENDED) != 0;
        long intents = payload.getLong();
        unannounced.remove(record.shardId());
        if ((flags & FOLLOWS) != 0) {
            int length = payload.remaining() < 2 ? 0 : payload.getShort() & 0xffff;
            if (length > payload.remaining()) {
                return;
            }
            String before =
                    StandardCharsets.ISO_8859_1
                            .decode(payload.slice(payload.position(), length))
                            .toString();
            payload.position(payload.position() + length);
            unannounced.put(
                    record.shardId(),
                    new KeptSession(
                            record.shardId(), record.shardCount(), intents, before, "", 0, true));
        }
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

    /** Those sessions are nobody's any more. */
    void forget(Predicate<KeptSession> which) {
        sessions.values().removeIf(which);
        unannounced.values().removeIf(which);
    }

    /** Each shard's last session, with the sequence that is in the log. */
    List<KeptSession> all() {
        List<KeptSession> all = new ArrayList<>(sessions.size());
        for (KeptSession session : sessions.values()) {
            KeptSession before = before(session);
            if (before != null) {
                all.add(before);
            }
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
            KeptSession before = before(session);
            byte[] lost =
                    before == null
                            ? new byte[0]
                            : before.sessionId().getBytes(StandardCharsets.ISO_8859_1);
            int more = before == null ? 0 : 2 + lost.length;
            ByteBuffer bytes =
                    ByteBuffer.allocate(FIXED_BYTES + more + url.length)
                            .put((byte) VERSION)
                            .put(
                                    (byte)
                                            ((session.ended() ? ENDED : 0)
                                                    | (before == null ? 0 : FOLLOWS)))
                            .putLong(session.intents());
            if (before != null) {
                bytes.putShort((short) lost.length).put(lost);
            }
            byte[] payload = bytes.put(url).array();
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

    /** One that ended before this one, as long as nothing of this one is in the log. */
    private @Nullable KeptSession before(KeptSession session) {
        return session.ended() || highest(session) >= 0 ? null : unannounced.get(session.shardId());
    }

    private long highest(KeptSession session) {
        return seen.highest(session.shardId(), session.sessionId()).orElse(-1);
    }
}
