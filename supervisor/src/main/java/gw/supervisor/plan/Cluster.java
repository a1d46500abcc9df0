package gw.supervisor.plan;

import gw.model.ShardRange;

/**
 * The shards of one worker.
 *
 * @param index the worker's number
 * @param shards a contiguous run
 */
public record Cluster(int index, ShardRange shards) {}
