package gw.supervisor.plan;

import gw.model.ShardRange;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Cuts the shards into clusters, one worker each. Pure; any thread. */
public final class ShardPlanner {
    private ShardPlanner() {}

    /**
     * Makes the plan.
     *
     * @param maxShards the bot's shard count; empty: {@code recommended}
     * @param first empty: 0
     * @param last inclusive; empty: the count - 1
     * @param shardsPerCluster most shards of one cluster, at least 1, unless {@code maxClusters}
     *     wins
     * @param maxClusters most clusters, at least 1
     * @param recommended the count that {@code /gateway/bot} recommends
     * @throws UserError when the range lies outside of the count; it names the three numbers
     */
    public static ShardPlan plan(
            OptionalInt maxShards,
            OptionalInt first,
            OptionalInt last,
            int shardsPerCluster,
            int maxClusters,
            int recommended)
            throws UserError {
        int count = maxShards.orElse(recommended);
        int from = first.orElse(0);
        int to = last.orElse(count - 1);
        if (count < 1 || from < 0 || to < from || to >= count) {
            throw new UserError(
                    ExitCode.CONFIG,
                    "the shards "
                            + from
                            + ".."
                            + to
                            + " don't fit into a count of "
                            + count
                            + (maxShards.isPresent() ? "" : " (what Discord recommends)"),
                    "Shard ids start at 0, and both ends are inclusive: 0 <= first <= last <="
                            + " max-shards - 1.");
        }
        return cut(new ShardRange(from, to, count), shardsPerCluster, maxClusters, 0);
    }

    /**
     * Cuts these shards.
     *
     * @param firstWorker the number of the first cluster; the others follow
     */
    public static ShardPlan cut(
            ShardRange shards, int shardsPerCluster, int maxClusters, int firstWorker) {
        int wanted = Math.ceilDiv(shards.size(), shardsPerCluster);
        if (wanted <= maxClusters) {
            return new ShardPlan(
                    shards, chunks(shards, shardsPerCluster, firstWorker), Optional.empty());
        }
        List<Cluster> clusters = spread(shards, maxClusters, firstWorker);
        int most = Math.ceilDiv(shards.size(), maxClusters);
        int least = shards.size() / maxClusters;
        String each = least == most ? "" + most : least + " or " + most;
        return new ShardPlan(
                shards,
                clusters,
                Optional.of(
                        shards.size()
                                + " shards at "
                                + shardsPerCluster
                                + " a worker need "
                                + wanted
                                + " workers, and max-clusters is "
                                + maxClusters
                                + ": each worker gets "
                                + each
                                + " shards"));
    }

    private static List<Cluster> chunks(ShardRange shards, int size, int firstWorker) {
        List<Cluster> clusters = new ArrayList<>();
        int at = shards.first();
        while (at <= shards.last()) {
            int end = Math.min(shards.last(), at + size - 1);
            clusters.add(
                    new Cluster(
                            firstWorker + clusters.size(),
                            new ShardRange(at, end, shards.count())));
            at = end + 1;
        }
        return clusters;
    }

    private static List<Cluster> spread(ShardRange shards, int parts, int firstWorker) {
        List<Cluster> clusters = new ArrayList<>();
        int at = shards.first();
        for (int part = 0; part < parts; part++) {
            int size = shards.size() / parts + (part < shards.size() % parts ? 1 : 0);
            clusters.add(
                    new Cluster(
                            firstWorker + part, new ShardRange(at, at + size - 1, shards.count())));
            at += size;
        }
        return clusters;
    }
}
