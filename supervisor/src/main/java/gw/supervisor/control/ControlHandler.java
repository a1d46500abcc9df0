package gw.supervisor.control;

import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.Status;

import java.util.concurrent.CompletableFuture;

/**
 * What the control API can do. Any thread; the answers come later. A refusal is a {@link
 * ControlRefusal}.
 */
public interface ControlHandler {
    /** The whole state. */
    CompletableFuture<Status> status();

    /** Reconnects a shard; with {@code fresh} by a new session. */
    CompletableFuture<Void> restartShard(int shardId, boolean fresh);

    /** Replaces a worker; answers the pid of the one that leaves, 0 when none runs. */
    CompletableFuture<Long> restartWorker(int worker);

    /**
     * Begins to stop.
     *
     * @param keepSessions whether the next start is to resume the sessions; else Discord ends them
     */
    CompletableFuture<Stopping> stop(boolean keepSessions);

    /** Begins to replace the supervisor's program by the one that is installed now. */
    CompletableFuture<Upgrading> upgrade();

    /**
     * Begins to move to another shard count, or only answers what that would be. The request has
     * been checked: what {@link ReshardRequests} refuses doesn't come here.
     */
    CompletableFuture<ReshardResponse> reshard(ReshardRequest request);

    /** Gives up the reshard that is under way and has not switched yet. */
    CompletableFuture<Void> cancelReshard();

    /**
     * What is being stopped.
     *
     * @param pid the supervisor's
     * @param sessions held, which are kept or ended
     * @param queuedEvents that wait for the bot
     */
    record Stopping(long pid, int workers, int shards, int sessions, long queuedEvents) {}

    /**
     * The supervisor that makes way.
     *
     * @param pid stays the same
     * @param startedAtMillis since the epoch; another one when the next has come
     * @param version of it, for people
     */
    record Upgrading(long pid, long startedAtMillis, String version) {}
}
