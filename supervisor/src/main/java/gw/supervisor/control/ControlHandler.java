package gw.supervisor.control;

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

    /** Begins to stop. */
    CompletableFuture<Stopping> stop();

    /**
     * What is being stopped.
     *
     * @param pid the supervisor's
     */
    record Stopping(long pid, int workers, int shards) {}
}
