package gw.supervisor.reshard;

/**
 * A generation of shards, as the data path knows it.
 *
 * @param generation its number
 * @param firstWorker the number of its first worker; the others follow
 * @param workers how many it has
 * @param shardCount the bot's, in this generation
 * @param intents of its IDENTIFYs
 */
public record Side(int generation, int firstWorker, int workers, int shardCount, long intents) {
    /** Whether this worker is one of its own. */
    public boolean has(int worker) {
        return worker >= firstWorker && worker < firstWorker + workers;
    }
}
