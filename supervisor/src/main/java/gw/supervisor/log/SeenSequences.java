package gw.supervisor.log;

import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The highest sequence of each live session: tells new from known. A shard's sessions follow one
 * another, so the last few of each are enough. Owned by one thread.
 */
final class SeenSequences {
    private static final int SESSIONS_PER_SHARD = 4;

    private final Map<Integer, Session[]> shards = new HashMap<>();

    /** Whether the record is new; if it is, it is known from now on. */
    boolean isNew(RecordView record) {
        Session[] sessions =
                shards.computeIfAbsent(record.shardId(), _ -> new Session[SESSIONS_PER_SHARD]);
        Session session = find(sessions, record);
        if (session == null) {
            session =
                    new Session(
                            Arrays.copyOfRange(
                                    record.array(),
                                    record.sessionOffset(),
                                    record.sessionOffset() + record.sessionLength()));
            System.arraycopy(sessions, 0, sessions, 1, SESSIONS_PER_SHARD - 1);
            sessions[0] = session;
        }
        // A gap record stands before the first event, with sequence 0.
        if (record.sequence() <= session.highest) {
            return false;
        }
        session.highest = record.sequence();
        return true;
    }

    OptionalLong highest(int shardId, String sessionId) {
        Session[] sessions = shards.get(shardId);
        if (sessions != null) {
            byte[] id = sessionId.getBytes(StandardCharsets.ISO_8859_1);
            for (Session session : sessions) {
                if (session != null && Arrays.equals(session.id, id) && session.highest >= 0) {
                    return OptionalLong.of(session.highest);
                }
            }
        }
        return OptionalLong.empty();
    }

    private static @Nullable Session find(Session[] sessions, RecordView record) {
        for (Session session : sessions) {
            if (session != null && record.sessionEquals(session.id)) {
                return session;
            }
        }
        return null;
    }

    private static final class Session {
        private final byte[] id;
        private long highest = -1;

        private Session(byte[] id) {
            this.id = id;
        }
    }
}
