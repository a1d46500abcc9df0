package gw.supervisor;

import gw.supervisor.identify.IdentifyKey;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.GenerationSpec;
import gw.supervisor.plan.ShardPlan;
import gw.supervisor.shards.ShardTable;

import java.util.function.IntPredicate;

/**
 * A generation of shards under this supervisor. Its parts are owned by the control thread.
 *
 * @param spec what it is
 * @param plan its shards, cut into clusters
 * @param configs what its workers are told
 * @param table what its shards are doing
 */
record Generation(GenerationSpec spec, ShardPlan plan, WorkerConfigs configs, ShardTable table) {
    /** Names a shard to the identify limiter. */
    int key(int shardId) {
        return IdentifyKey.of(spec.slot(), shardId);
    }

    /** The keys of this worker's shards. */
    IntPredicate keysOf(int worker) {
        Cluster cluster = plan.cluster(worker);
        return key ->
                IdentifyKey.slot(key) == spec.slot()
                        && cluster.shards().contains(IdentifyKey.shard(key));
    }

    /** The keys of all of its shards. */
    IntPredicate keys() {
        return key -> IdentifyKey.slot(key) == spec.slot();
    }

    /** Whether all shards are ready: events flow. */
    boolean isReady() {
        return table.readyCount() == table.size();
    }
}
