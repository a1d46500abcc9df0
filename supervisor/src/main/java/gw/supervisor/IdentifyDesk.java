package gw.supervisor;

import gw.proto.v1.IdentifyGrant;
import gw.proto.v1.IdentifyTurn;
import gw.proto.v1.ShardUpdate;
import gw.proto.v1.ToWorker;
import gw.supervisor.identify.Identifies;
import gw.supervisor.identify.IdentifyListener;
import gw.supervisor.link.WorkerLink;
import gw.supervisor.shards.ShardTable;

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
    private final Identifies limiter;
    private final ShardTable table;
    private final IntFunction<@Nullable WorkerLink> links;
    private final Runnable freshLimit;
    private final Executor control;
    private final InstantSource clock;

    /**
     * Nobody has a token yet.
     *
     * @param links the link of a shard's worker; null: it is not attached
     * @param freshLimit asks Discord for the session start limit
     */
    IdentifyDesk(
            Function<IdentifyListener, ? extends Identifies> limiter,
            ShardTable table,
            IntFunction<@Nullable WorkerLink> links,
            Runnable freshLimit,
            Executor control,
            InstantSource clock) {
        this.table = table;
        this.links = links;
        this.freshLimit = freshLimit;
        this.control = control;
        this.clock = clock;
        this.limiter = limiter.apply(this);
    }

    Identifies limiter() {
        return limiter;
    }

    /** A shard has no session and would have one. */
    void wanted(int shardId) {
        // What Discord refused it would refuse again, and each try would cost an identify.
        if (!table.isRefused(shardId)) {
            limiter.wanted(shardId, table.hasLostSession(shardId));
        }
    }

    /** What Discord says to one IDENTIFY decides whether others are worth their price (P4). */
    void answered(ShardUpdate update) {
        switch (update.getState()) {
            case SHARD_STATE_READY -> limiter.answered(update.getShardId(), true);
            case SHARD_STATE_IDLE, SHARD_STATE_QUEUED, SHARD_STATE_BACKOFF, SHARD_STATE_FATAL -> {
                // After a refusal of all of them there is nothing more to try.
                if (!table.isRefused(update.getShardId())) {
                    limiter.answered(update.getShardId(), false);
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
    public void turn(int shardId) {
        WorkerLink link = links.apply(shardId);
        if (link != null) {
            link.send(
                    ToWorker.newBuilder()
                            .setIdentifyTurn(IdentifyTurn.newBuilder().setShardId(shardId))
                            .build());
        }
    }

    @Override
    public void grant(int shardId, long grantId, Duration validFor) {
        WorkerLink link = links.apply(shardId);
        if (link == null || table.isRefused(shardId)) {
            control.execute(() -> limiter.released(shardId, grantId));
            return;
        }
        link.send(
                ToWorker.newBuilder()
                        .setIdentifyGrant(
                                IdentifyGrant.newBuilder()
                                        .setShardId(shardId)
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
