package gw.supervisor.shards;

import gw.model.Session;
import gw.proto.v1.ShardAssignment;
import gw.proto.v1.ShardFacts;
import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.ShardUpdate;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.ShardPlan;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * What every shard of the plan is doing, as its worker tells it, and its session, which outlives
 * the worker: the next one resumes it and no identify is spent (P4). Owned by the control thread.
 */
public final class ShardTable {
    /**
     * A ready shard without any dispatch for so long is suspicious while its siblings have some.
     */
    static final Duration SILENT_AFTER = Duration.ofMinutes(10);

    /** A sibling that had a dispatch within this time shows that events flow. */
    static final Duration LIVELY_WITHIN = Duration.ofMinutes(1);

    private static final int NAMED_SHARDS = 5;

    private final DurableSequences durable;
    private final InstantSource clock;
    private final TreeMap<Integer, ShardRow> rows = new TreeMap<>();
    private final TreeMap<Integer, Long> closeCodes = new TreeMap<>();
    private @Nullable FatalClose fatal;
    private @Nullable BotUser user;
    private long sessionsLost;
    private boolean onPurpose;

    /**
     * A table where nothing has started.
     *
     * @param durable asked whenever a worker takes shards over; called on the control thread
     * @param clock for "since"
     */
    public ShardTable(ShardPlan plan, DurableSequences durable, InstantSource clock) {
        this.durable = durable;
        this.clock = clock;
        long now = clock.millis();
        for (Cluster cluster : plan.clusters()) {
            for (int id = cluster.shards().first(); id <= cluster.shards().last(); id++) {
                rows.put(id, new ShardRow(id, cluster.index(), now));
            }
        }
    }

    /**
     * Begins with what is known from before; what a living worker tells of its shards comes later
     * and wins. Called once, before anything else.
     */
    public void restore(Restoration known) {
        sessionsLost += known.givenUp();
        rows.values()
                .forEach(row -> {
                    Session session = known.sessions().get(row.shardId);
                    if (session != null) {
                        row.restore(session);
                    }
                    String loss = known.losses().get(row.shardId);
                    if (loss != null) {
                        row.restoreLoss(loss);
                    }
                });
    }

    /** Counts on where the table of the generation before has stopped. */
    public void inherit(ShardTable before) {
        sessionsLost += before.sessionsLost;
        before.closeCodes.forEach((code, count) -> closeCodes.merge(code, count, Long::sum));
        if (user == null) {
            user = before.user;
        }
    }

    /** From now on its sessions are ended on purpose: none of them counts as lost. */
    public void endsOnPurpose() {
        onPurpose = true;
    }

    /**
     * A worker tells what became of a shard.
     *
     * @return false when the shard is not in the plan: nothing was changed
     */
    public boolean update(ShardUpdate update) {
        ShardRow row = rows.get(update.getShardId());
        if (row == null) {
            return false;
        }
        if (row.update(update, clock.millis()) && !onPurpose) {
            sessionsLost++;
        }
        int code = update.getCloseCode();
        if (code != 0) {
            closeCodes.merge(code, 1L, Long::sum);
        }
        boolean refused =
                update.getState() == ShardState.SHARD_STATE_FATAL || FatalClose.isFatal(code);
        if (refused && fatal == null) {
            fatal = FatalClose.of(row.shardId, code, update.getReason());
        }
        if (update.getUserId() != 0) {
            user = new BotUser(update.getUserId(), update.getUserName());
        }
        return true;
    }

    /**
     * A worker tells what a shard knows of itself.
     *
     * @return false when the shard is not in the plan
     */
    public boolean facts(ShardFacts facts) {
        ShardRow row = rows.get(facts.getShardId());
        if (row == null) {
            return false;
        }
        row.facts(facts);
        return true;
    }

    /** The worker is gone: its shards wait for the next one, and keep their sessions (P4, P6). */
    public void workerLost(int cluster) {
        long now = clock.millis();
        rows.values().stream()
                .filter(row -> row.worker == cluster)
                .forEach(row -> row.workerLost(now));
    }

    /** The shards that a worker is given, each with the session to resume where one is known. */
    public List<ShardAssignment> assignmentsFor(Cluster cluster) {
        List<ShardAssignment> assignments = new ArrayList<>();
        for (ShardRow row : of(cluster)) {
            ShardAssignment.Builder assignment =
                    ShardAssignment.newBuilder().setShardId(row.shardId);
            row.lossToAnnounce().ifPresent(assignment::setLostSessionId);
            Session session = row.session();
            if (session != null) {
                // The log decides. What it has dropped from its memory the worker had been told is
                // safe.
                long sequence = durable.of(row.shardId, session.id()).orElseGet(session::sequence);
                assignment.setSession(ShardRow.wire(session, sequence));
            }
            assignments.add(assignment.build());
        }
        return assignments;
    }

    /**
     * Every shard, by id.
     *
     * @param queuePosition gives a shard's place in its identify queue, from 1; 0: not queued
     */
    public List<ShardStatus> statuses(IntUnaryOperator queuePosition) {
        List<ShardStatus> statuses = new ArrayList<>(rows.size());
        for (ShardRow row : rows.values()) {
            statuses.add(row.status(queuePosition.applyAsInt(row.shardId)));
        }
        return statuses;
    }

    /** How many shards there are. */
    public int size() {
        return rows.size();
    }

    public boolean contains(int shardId) {
        return rows.containsKey(shardId);
    }

    /** How many are ready: events flow. */
    public int readyCount() {
        return ready(rows.values());
    }

    /** How many of this cluster are ready. */
    public int readyCount(Cluster cluster) {
        return ready(of(cluster));
    }

    /** Whether some session is held that can go on or be resumed. */
    public boolean anySession() {
        return rows.values().stream().anyMatch(row -> row.session() != null);
    }

    /** Whether Discord has refused this shard for good, alone or together with all. */
    public boolean isRefused(int shardId) {
        ShardRow row = rows.get(shardId);
        FatalClose refused = fatal;
        return (row != null && row.isRefused()) || (refused != null && refused.concernsAll());
    }

    /** Whether Discord has refused every shard for good. */
    public boolean allRefused() {
        return rows.values().stream().allMatch(ShardRow::isRefused);
    }

    /**
     * A person wants it tried again.
     *
     * @return whether it had been refused
     */
    public boolean forgive(int shardId) {
        boolean refused = isRefused(shardId);
        ShardRow row = rows.get(shardId);
        if (row != null) {
            row.forgive();
        }
        if (refused) {
            fatal = null;
        }
        return refused;
    }

    /** Whether this shard's next session takes the place of one that was lost. */
    public boolean hasLostSession(int shardId) {
        ShardRow row = rows.get(shardId);
        return row != null && row.hasLostSession();
    }

    /** Discord's last word on this bot, if it has spoken it. The first one that came is kept. */
    public Optional<FatalClose> fatal() {
        return Optional.ofNullable(fatal);
    }

    /** The bot's name, once a shard is ready. */
    public Optional<BotUser> user() {
        return Optional.ofNullable(user);
    }

    /** Sessions that Discord ended, each a gap in its shard's events (P1). */
    public long sessionsLost() {
        return sessionsLost;
    }

    /** How often each WebSocket close code came. */
    public SortedMap<Integer, Long> closeCodes() {
        return Collections.unmodifiableSortedMap(closeCodes);
    }

    /** What needs a human, in words; empty when all is well. */
    public List<String> problems(Instant now) {
        List<String> problems = new ArrayList<>();
        FatalClose refused = fatal;
        if (refused != null) {
            problems.add(refused.message() + ". " + refused.advice());
        }
        Long limited = closeCodes.get(4008);
        if (limited != null) {
            problems.add(
                    "Discord closed "
                            + limited
                            + (limited == 1 ? " connection" : " connections")
                            + " with 4008: gw crossed a limit, which is a defect of gw");
        }
        silent(now).ifPresent(problems::add);
        return problems;
    }

    /**
     * A session can be alive, acks and all, and get no events for hours. Only the siblings tell
     * that from a quiet night.
     */
    private Optional<String> silent(Instant now) {
        long silentBefore = now.minus(SILENT_AFTER).toEpochMilli();
        long livelyAfter = now.minus(LIVELY_WITHIN).toEpochMilli();
        List<ShardRow> silent = new ArrayList<>();
        int lively = 0;
        int ready = 0;
        for (ShardRow row : rows.values()) {
            if (!row.isReady() || row.guilds() == 0) {
                continue;
            }
            ready++;
            if (row.lastDispatchMillis() >= livelyAfter) {
                lively++;
            } else if (Math.max(row.sinceMillis(), row.lastDispatchMillis()) <= silentBefore) {
                silent.add(row);
            }
        }
        if (silent.isEmpty() || lively == 0 || lively * 2 < ready) {
            return Optional.empty();
        }
        StringBuilder ids = new StringBuilder();
        silent.stream()
                .limit(NAMED_SHARDS)
                .forEach(row -> ids.append(ids.isEmpty() ? "" : ", ").append(row.shardId));
        if (silent.size() > NAMED_SHARDS) {
            ids.append(" and ").append(silent.size() - NAMED_SHARDS).append(" more");
        }
        return Optional.of(
                "no event for over "
                        + SILENT_AFTER.toMinutes()
                        + " min on shard "
                        + ids
                        + ", while others get some: try gw restart --shard "
                        + silent.getFirst().shardId);
    }

    private Collection<ShardRow> of(Cluster cluster) {
        return rows.subMap(cluster.shards().first(), true, cluster.shards().last(), true).values();
    }

    private static int ready(Collection<ShardRow> some) {
        return (int) some.stream().filter(ShardRow::isReady).count();
    }
}
