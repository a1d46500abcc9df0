package gw.supervisor.cli;

import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A supervisor that may go and come back, perhaps at another socket: each look finds it anew. For
 * one thread.
 */
final class FollowedSupervisor implements AutoCloseable {
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(1);

    private final SupervisorOptions options;
    private final Console console;
    private @Nullable ControlClient client;

    FollowedSupervisor(SupervisorOptions options, Console console) {
        this.options = options;
        this.console = console;
    }

    /** How it stands; empty when nothing answers just now. */
    Optional<Status> look() {
        try {
            ControlClient asked = client;
            if (asked == null) {
                asked = ControlClient.of(options.target(console), LOOK_PATIENCE);
                client = asked;
            }
            return Optional.of(asked.status());
        } catch (UserError e) {
            // It is away, or on its way back.
            close();
            return Optional.empty();
        }
    }

    /** The shards that are ready. */
    static Set<Integer> ready(Status status) {
        Set<Integer> ready = new TreeSet<>();
        for (ShardStatus shard : status.getShardsList()) {
            if (shard.getState() == ShardState.SHARD_STATE_READY) {
                ready.add(shard.getShardId());
            }
        }
        return ready;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
