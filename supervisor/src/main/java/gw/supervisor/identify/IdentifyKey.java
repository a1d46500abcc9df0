package gw.supervisor.identify;

/**
 * Names who wants to identify: a shard of one slot. A slot is a generation of shards, of this
 * supervisor or of another one that asks it for its tokens. Shards of the same id share a bucket
 * whatever their slot is. Slot 0's keys are the shard ids themselves.
 */
public final class IdentifyKey {
    /** Slots are less than this. */
    public static final int SLOTS = 2048;

    /** Shard ids are less than this. */
    public static final int SHARDS = 1 << 20;

    private static final int SHARD_BITS = 20;

    private IdentifyKey() {}

    /**
     * The key of a shard.
     *
     * @param slot less than {@link #SLOTS}
     * @param shardId less than {@link #SHARDS}
     */
    public static int of(int slot, int shardId) {
        checkSlot(slot);
        if (shardId < 0 || shardId >= SHARDS) {
            throw new IllegalArgumentException(
                    "shardId: " + shardId + " (expected: 0.." + (SHARDS - 1) + ")");
        }
        return slot << SHARD_BITS | shardId;
    }

    /** The key's shard id. */
    public static int shard(int key) {
        return key & (SHARDS - 1);
    }

    /** The key's slot. */
    public static int slot(int key) {
        return key >>> SHARD_BITS;
    }

    static void checkSlot(int slot) {
        if (slot < 0 || slot >= SLOTS) {
            throw new IllegalArgumentException(
                    "slot: " + slot + " (expected: 0.." + (SLOTS - 1) + ")");
        }
    }
}
