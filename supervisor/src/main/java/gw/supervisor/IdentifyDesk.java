package gw.supervisor;

import gw.proto.v1.IdentifyGrant;
import gw.proto.v1.IdentifyTurn;
import gw.proto.v1.ShardUpdate;
import gw.proto.v1.ToWorker;
import gw.supervisor.identify.Identifies;
import gw.supervisor.identify.IdentifyKey;
import gw.supervisor.identify.IdentifyListener;
import gw.supervisor.link.WorkerLink;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Between the identify limiter and the workers: carries tokens to the shards, and what came of them
 * back. Owned by the control thread.
 */
final class IdentifyDesk implements IdentifyListener {
    private final Identifies tokens;
    private final GenerationSet generations;
    private final IntFunction<@Nullable WorkerLink> links;
    private final Runnable freshLimit;
    private final Executor control;
    private final InstantSource clock;

    /**
     * Nobody has a token yet.
     *
     * @param links the link of a worker; null: it is not attached
     * @param freshLimit asks Discord for the session start limit
     */
    IdentifyDesk(
            Function<IdentifyListener, Identifies> tokens,
            GenerationSet generations,
            IntFunction<@Nullable WorkerLink> links,
            Runnable freshLimit,
            Executor control,
            InstantSource clock) {
        this.generations = generations;
        this.links = links;
        this.freshLimit = freshLimit;
        this.control = control;
        this.clock = clock;
        this.tokens = tokens.apply(this);
    }

    Identifies tokens() {
        return tokens;
    }

    /** A shard has no session and would have one. */
    void wanted(Generation of, int shardId) {
        // What Discord refused it would refuse again, and each try would cost an identify. One that
        // is being given up needs none.
        if (!of.table().isRefused(shardId) && !generations.isLeaving(of)) {
            tokens.wanted(of.key(shardId), of.table().hasLostSession(shardId));
        }
    }

    /** What Discord says to one IDENTIFY decides whether others are worth their price (P4). */
    void answered(Generation of, ShardUpdate update) {
        int key = of.key(update.getShardId());
        switch (update.getState()) {
            case SHARD_STATE_READY -> tokens.answered(key, true);
            case SHARD_STATE_IDLE, SHARD_STATE_QUEUED, SHARD_STATE_BACKOFF, SHARD_STATE_FATAL -> {
                // After a refusal of all of them there is nothing more to try.
                if (!of.table().isRefused(update.getShardId())) {
                    tokens.answered(key, false);
                }
            }
            case SHARD_STATE_CONNECTING,
                    SHARD_STATE_AWAITING_HELLO,
                    SHARD_STATE_AWAITING_GRANT,
                    SHARD_STATE_IDENTIFYING,
                    SHARD_STATE_RESUMING,
                    SHARD_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> {
                // A token may have crossed with one of these: they are no answer to it.
            }
        }
    }

    @Override
    public void turn(int key) {
        WorkerLink link = linkOf(key);
        if (link != null) {
            link.send(
                    ToWorker.newBuilder()
                            .setIdentifyTurn(
                                    IdentifyTurn.newBuilder().setShardId(IdentifyKey.shard(key)))
                            .build());
        }
    }

    private @Nullable WorkerLink linkOf(int key) {
        Generation of = generations.ofSlot(IdentifyKey.slot(key));
        int shardId = IdentifyKey.shard(key);
        return of == null
                        || !of.plan().shards().contains(shardId)
                        || of.table().isRefused(shardId)
                        || generations.isLeaving(of)
                ? null
                : links.apply(of.plan().clusterOf(shardId).index());
    }

    @Override
    public void grant(int key, long grantId, Duration validFor) {
        WorkerLink link = linkOf(key);
        if (link == null) {
            control.execute(() -> tokens.released(key, grantId));
            return;
        }
        link.send(
                ToWorker.newBuilder()
                        .setIdentifyGrant(
                                IdentifyGrant.newBuilder()
                                        .setShardId(IdentifyKey.shard(key))
                                        .setGrantId(grantId)
                                        .setExpiresAtMs(clock.millis() + validFor.toMillis()))
                        .build());
    }

    @Override
    public void limitExhausted(Instant until) {
        // The status says it for as long as it lasts.
    }

    @Override
    public void wantsFreshLimit() {
        freshLimit.run();
    }
}
