package gw.supervisor.plan;

import gw.model.ShardRange;

import java.util.List;
import java.util.Optional;

/**
 * Which shards this supervisor holds and how they are cut into clusters.
 *
 * @param shards all of them
 * @param clusters contiguous, in order, together exactly {@code shards}
 * @param warning what the user should know about the cut, for example that max-clusters won
 */
public record ShardPlan(ShardRange shards, List<Cluster> clusters, Optional<String> warning) {
    public ShardPlan {
        clusters = List.copyOf(clusters);
    }

    /** The number of the first worker. */
    public int firstWorker() {
        return clusters.getFirst().index();
    }

    /** Whether one of the clusters has this number. */
    public boolean hasWorker(int worker) {
        return worker >= firstWorker() && worker < firstWorker() + clusters.size();
    }

    /** The cluster of this number, which is one of them. */
    public Cluster cluster(int worker) {
        return clusters.get(worker - firstWorker());
    }

    /** The cluster that holds this shard. */
    public Cluster clusterOf(int shardId) {
        for (Cluster cluster : clusters) {
            if (cluster.shards().contains(shardId)) {
                return cluster;
            }
        }
        throw new IllegalArgumentException(
                "shard " + shardId + " (expected: one of " + shards + ")");
    }
}
