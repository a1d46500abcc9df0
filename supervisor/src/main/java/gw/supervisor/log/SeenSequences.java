package gw.supervisor.log;

import gw.record.RecordKind;
import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The highest sequence of each live session: tells new from known. A shard's sessions follow one
 * another, so the last few of each are enough. What a batch has changed can be taken back until it
 * is kept. Owned by one thread.
 */
final class SeenSequences {
    private static final int SESSIONS_PER_SHARD = 4;
    private static final long NOTHING = -1;

    private final Map<Integer, Session[]> shards = new HashMap<>();
    private final List<Session> touched = new ArrayList<>();

    /** Whether the record is new; if it is, it is known from now on. */
    boolean isNew(RecordView record) {
        Session session = of(record);
        // Gap records stand before the first event, each with sequence 0, in one batch.
        boolean anotherGap =
                record.kind() == RecordKind.GAP
                        && record.sequence() == 0
                        && session.highest == 0
                        && session.kept == NOTHING;
        if (record.sequence() <= session.highest) {
            return anotherGap;
        }
        if (session.kept == session.highest) {
            touched.add(session);
        }
        session.highest = record.sequence();
        return true;
    }

    /** What is new since the last call is in the log for good. */
    void keep() {
        touched.forEach(session -> session.kept = session.highest);
        touched.clear();
    }

    /** What is new since the last {@link #keep} did not get into the log. */
    void takeBack() {
        touched.forEach(session -> session.highest = session.kept);
        touched.clear();
    }

    /** The session of this shard is in the log up to this sequence; -1: nothing of it. */
    void learn(RecordView record) {
        Session session = of(record);
        session.highest = Math.max(session.highest, record.sequence());
        session.kept = session.highest;
    }

    /** The same, told by somebody else than the log. */
    void learn(int shardId, String sessionId, long sequence) {
        Session session = of(shardId, sessionId.getBytes(StandardCharsets.ISO_8859_1));
        session.highest = Math.max(session.highest, sequence);
        session.kept = session.highest;
    }

    OptionalLong highest(int shardId, String sessionId) {
        Session[] sessions = shards.get(shardId);
        if (sessions != null) {
            byte[] id = sessionId.getBytes(StandardCharsets.ISO_8859_1);
            for (Session session : sessions) {
                if (session != null && Arrays.equals(session.id, id) && session.kept >= 0) {
                    return OptionalLong.of(session.kept);
                }
            }
        }
        return OptionalLong.empty();
    }

    private Session of(RecordView record) {
        Session[] sessions =
                shards.computeIfAbsent(record.shardId(), _ -> new Session[SESSIONS_PER_SHARD]);
        Session session = find(sessions, record);
        return session != null
                ? session
                : begin(
                        sessions,
                        Arrays.copyOfRange(
                                record.array(),
                                record.sessionOffset(),
                                record.sessionOffset() + record.sessionLength()));
    }

    private Session of(int shardId, byte[] id) {
        Session[] sessions = shards.computeIfAbsent(shardId, _ -> new Session[SESSIONS_PER_SHARD]);
        for (Session session : sessions) {
            if (session != null && Arrays.equals(session.id, id)) {
                return session;
            }
        }
        return begin(sessions, id);
    }

    private static Session begin(Session[] sessions, byte[] id) {
        Session session = new Session(id);
        System.arraycopy(sessions, 0, sessions, 1, SESSIONS_PER_SHARD - 1);
        sessions[0] = session;
        return session;
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
        private long highest = NOTHING;
        private long kept = NOTHING;

        private Session(byte[] id) {
            this.id = id;
        }
    }
}
