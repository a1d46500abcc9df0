package gw.sim.check;

import gw.sim.ledger.SentEvent;

/**
 * Whose events follow each other: a guild's, or a shard's when they have no guild. Shard 0 is one
 * and the same in every count: it is the one that hears what happens outside of all guilds.
 */
record Order(int shardId, int shardCount, long guildId) {
    static Order of(SentEvent event) {
        return of(event.shardId(), event.shardCount(), event.guildId());
    }

    static Order of(int shardId, int shardCount, long guildId) {
        return guildId == 0 && shardId != 0
                ? new Order(shardId, shardCount, 0)
                : new Order(0, 0, guildId);
    }

    String words() {
        if (guildId != 0) {
            return "guild " + guildId;
        }
        return shardId == 0 ? "shard 0" : "shard " + shardId + "/" + shardCount;
    }
}
