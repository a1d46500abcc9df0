package gw.supervisor.reshard;

import gw.model.ShardRange;

/**
 * A generation of shards, as the data path knows it.
 *
 * @param generation its number
 * @param firstWorker the number of its first worker; the others follow
 * @param workers how many it has
 * @param shards its own, and the bot's count
 * @param intents of its IDENTIFYs
 */
public record Side(int generation, int firstWorker, int workers, ShardRange shards, long intents) {
    /** The bot's, in this generation. */
    public int shardCount() {
        return shards.count();
    }

    /** Whether this worker is one of its own. */
    public boolean has(int worker) {
        return worker >= firstWorker && worker < firstWorker + workers;
    }
}
