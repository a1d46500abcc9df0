package gw.sim.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What sessions of the same guilds are to each other: one that took the place of another, or one
 * beside another, as when a bot is resharded. Owned by the event loop.
 */
final class Generations {
    private final Sessions sessions;
    private final Guilds guilds;
    private final List<AbandonedSession> abandoned = new ArrayList<>();

    Generations(Sessions sessions, Guilds guilds) {
        this.sessions = sessions;
        this.guilds = guilds;
    }

    /** Sessions that were left for new ones while they lived. */
    List<AbandonedSession> abandoned() {
        return List.copyOf(abandoned);
    }

    /**
     * A session begins. One of its shard and count that nobody attends is abandoned; beside all
     * others that share guilds with it, it stands.
     */
    void begins(SimSession session, long nowNanos) {
        boolean beside = false;
        for (SimSession before : sessions.all()) {
            if (before == session || !before.overlaps(session)) {
                continue;
            }
            if (sameShard(before, session) && !before.isAttended()) {
                if (!before.abandoned()) {
                    abandoned.add(before.abandon(nowNanos));
                }
            } else {
                beside = true;
            }
        }
        if (beside) {
            session.standBeside();
        }
    }

    private static boolean sameShard(SimSession one, SimSession other) {
        return one.shardId() == other.shardId() && one.shardCount() == other.shardCount();
    }

    /** It is attended again: whatever began meanwhile in its place began beside it. */
    void resumed(SimSession session) {
        if (!session.abandoned()) {
            return;
        }
        session.reclaim();
        abandoned.removeIf(one -> one.sessionId().equals(session.id()));
        sessions.of(session.shardId(), session.shardCount()).stream()
                .filter(other -> other.number() > session.number())
                .forEach(SimSession::standBeside);
    }

    /**
     * Whether a client may end this session: all that it hears is heard by sessions which began
     * later, as at the end of a reshard, or beside which it began, as when a reshard is given up.
     */
    boolean mayEnd(SimSession session) {
        List<SimSession> others =
                sessions.all().stream()
                        .filter(other ->
                                other != session
                                        && (session.isBeside()
                                                || other.number() > session.number()))
                        .toList();
        List<Long> own = guilds.of(session.shardId(), session.shardCount());
        if (own.isEmpty()) {
            return others.stream().anyMatch(other -> covers(others, other.shardCount(), session));
        }
        Predicate<Long> heard = id -> others.stream().anyMatch(other -> other.owns(id));
        return own.stream().allMatch(heard) && (session.shardId() != 0 || heard.test(0L));
    }

    /** Whether these have, of one count, each shard that a guild of the session could be of. */
    private static boolean covers(List<SimSession> others, int count, SimSession session) {
        for (int shard = 0; shard < count; shard++) {
            int wanted = shard;
            if (Shards.overlap(session.shardId(), session.shardCount(), shard, count)
                    && others.stream()
                            .noneMatch(other ->
                                    other.shardCount() == count && other.shardId() == wanted)) {
                return false;
            }
        }
        return true;
    }
}
