package gw.supervisor.capacity;

/**
 * One shard's guilds as the file holds them. The arrays are nobody's to change.
 *
 * @param session the id of the session in which they were counted
 * @param former ids of the shard's sessions before, the latest first
 * @param sequence up to which that session's events are in the count
 * @param guilds how many there are
 * @param absent those that are not there, as {@link AbsentGuilds#toArray} tells them
 * @param lastStartUp see {@link StartUps}
 * @param forgottenTo see {@link StartUps}
 * @param others see {@link StartUps}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record KeptShard(
        int generation,
        int shardId,
        int shardCount,
        byte[] session,
        byte[][] former,
        long sequence,
        int guilds,
        long[] absent,
        long lastStartUp,
        long forgottenTo,
        long[] others) {}
