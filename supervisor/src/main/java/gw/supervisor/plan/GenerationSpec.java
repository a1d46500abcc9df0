package gw.supervisor.plan;

import gw.model.ShardRange;

/**
 * A generation of shards: what its IDENTIFYs say, and which workers hold it. A reshard makes the
 * next one.
 *
 * @param number 0 is the first; a supervisor holds one, or two that follow one another
 * @param shards this supervisor's, and the bot's count
 * @param firstWorker the number of its first worker; the others follow
 * @param intents of its IDENTIFYs
 * @param gatewayUrl where it connects, as Discord gave it
 */
public record GenerationSpec(
        int number, ShardRange shards, int firstWorker, long intents, String gatewayUrl) {
    public GenerationSpec {
        if (number < 0 || firstWorker < 0) {
            throw new IllegalArgumentException(
                    "generation " + number + ", first worker " + firstWorker + " (expected: >= 0)");
        }
    }

    /** Tells its identify tokens from those of the generations before and after it; 0 or 1. */
    public int slot() {
        return number & 1;
    }
}
