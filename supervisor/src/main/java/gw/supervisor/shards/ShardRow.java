package gw.supervisor.shards;

import gw.model.Session;
import gw.proto.v1.GatewaySession;
import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.ShardUpdate;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** One shard's line of the table. */
final class ShardRow {
    final int shardId;
    final int worker;
    private ShardState state = ShardState.SHARD_STATE_IDLE;
    private String reason = "not started";
    private long sinceMillis;
    private @Nullable Session session;
    private String lastLostSession = "";

    /** Of those, the one whose successor has not come: the bot may not have been told. */
    private String openLoss = "";

    private boolean refused;
    private @Nullable ShardFacts facts;
    private int guilds;
    private int guildsUnavailable;

    ShardRow(int shardId, int worker, long nowMillis) {
        this.shardId = shardId;
        this.worker = worker;
        this.sinceMillis = nowMillis;
    }

    /** Takes a change over; true when it says that a session was lost which was not known lost. */
    boolean update(ShardUpdate update, long nowMillis) {
        refused |= update.getState() == ShardState.SHARD_STATE_FATAL;
        if (!refused || update.getState() == ShardState.SHARD_STATE_FATAL) {
            move(update.getState(), update.getReason(), nowMillis);
        }
        if (update.getGuilds() > 0 || !isOfHeldSession(update)) {
            guilds = update.getGuilds();
            guildsUnavailable = update.getGuildsUnavailable();
        }
        String lost = update.getLostSessionId();
        boolean newlyLost = !lost.isEmpty() && !lost.equals(lastLostSession);
        if (newlyLost) {
            lastLostSession = lost;
            openLoss = lost;
        }
        Session held = session;
        if (held != null && held.id().equals(lost)) {
            session = null;
        }
        if (update.hasSession()) {
            hold(update.getSession());
        } else if (isWithoutSession(update.getState())) {
            session = null;
        }
        return newlyLost;
    }

    /** What was known before any worker of this supervisor: the first one resumes it (P4). */
    void restore(Session known) {
        session = known;
    }

    /** A session that is over, and the bot may not have been told. */
    void restoreLoss(String sessionId) {
        lastLostSession = sessionId;
        openLoss = sessionId;
    }

    /** A worker that resumes was never told the guilds: READY came to the one before. */
    private boolean isOfHeldSession(ShardUpdate update) {
        Session held = session;
        return held != null
                && update.hasSession()
                && held.id().equals(update.getSession().getSessionId());
    }

    private void hold(GatewaySession told) {
        // An empty id or a negative sequence is no session: nothing could be resumed with it.
        if (told.getSessionId().isEmpty()
                || told.getSequence() < 0
                || told.getSessionId().equals(lastLostSession)) {
            return;
        }
        Session held = session;
        long sequence = told.getSequence();
        if (held != null && held.id().equals(told.getSessionId())) {
            sequence = Math.max(sequence, held.sequence());
        }
        session = new Session(told.getSessionId(), told.getResumeUrl(), sequence);
        heldUpTo(sequence);
    }

    /**
     * A shard that asks for a new session holds none. In other states a missing session is kept: a
     * worker that is told to stop names none, and the next one resumes it (P4).
     */
    private static boolean isWithoutSession(ShardState state) {
        return switch (state) {
            case SHARD_STATE_QUEUED, SHARD_STATE_AWAITING_GRANT, SHARD_STATE_IDENTIFYING -> true;
            case SHARD_STATE_UNSPECIFIED,
                    SHARD_STATE_IDLE,
                    SHARD_STATE_CONNECTING,
                    SHARD_STATE_AWAITING_HELLO,
                    SHARD_STATE_RESUMING,
                    SHARD_STATE_READY,
                    SHARD_STATE_BACKOFF,
                    SHARD_STATE_FATAL,
                    UNRECOGNIZED ->
                    false;
        };
    }

    void facts(ShardFacts told) {
        facts = told;
        Session held = session;
        if (held != null && told.getDurableSequence() > held.sequence()) {
            session = held.withSequence(told.getDurableSequence());
            heldUpTo(told.getDurableSequence());
        }
    }

    /** With the first events of the next session its predecessor's end was announced. */
    private void heldUpTo(long sequence) {
        if (sequence > 0) {
            openLoss = "";
        }
    }

    void workerLost(long nowMillis) {
        if (state != ShardState.SHARD_STATE_FATAL) {
            move(ShardState.SHARD_STATE_BACKOFF, "worker died", nowMillis);
        }
    }

    private void move(ShardState next, String why, long nowMillis) {
        if (next != state) {
            state = next;
            sinceMillis = nowMillis;
        }
        reason = why;
    }

    ShardState state() {
        return state;
    }

    String reason() {
        return reason;
    }

    long sinceMillis() {
        return sinceMillis;
    }

    @Nullable Session session() {
        return session;
    }

    boolean hasLostSession() {
        return !openLoss.isEmpty();
    }

    /** A session that ended and whose gap the bot may not know of; the next READY tells. */
    Optional<String> lossToAnnounce() {
        return Optional.of(openLoss).filter(id -> !id.isEmpty());
    }

    boolean isRefused() {
        return refused;
    }

    void forgive() {
        refused = false;
    }

    int guilds() {
        return guilds;
    }

    boolean isReady() {
        return state == ShardState.SHARD_STATE_READY;
    }

    /** The last dispatch that is known of; 0: none. */
    long lastDispatchMillis() {
        ShardFacts told = facts;
        return told == null ? 0 : told.getLastDispatchMs();
    }

    /**
     * What is said of the session to a worker.
     *
     * @param sequence from where it is resumed
     */
    static GatewaySession wire(Session session, long sequence) {
        return GatewaySession.newBuilder()
                .setSessionId(session.id())
                .setResumeUrl(session.resumeUrl())
                .setSequence(sequence)
                .build();
    }

    ShardStatus status(int queuePosition) {
        ShardStatus.Builder status =
                ShardStatus.newBuilder()
                        .setShardId(shardId)
                        .setWorker(worker)
                        .setState(state)
                        .setReason(reason)
                        .setSinceMs(sinceMillis)
                        .setGuilds(guilds)
                        .setGuildsUnavailable(guildsUnavailable)
                        .setQueuePosition(queuePosition);
        Session held = session;
        if (held != null) {
            status.setSession(wire(held, held.sequence()));
        }
        ShardFacts told = facts;
        if (told != null) {
            status.setFacts(told);
        }
        return status.build();
    }
}
