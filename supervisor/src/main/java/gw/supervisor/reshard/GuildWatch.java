package gw.supervisor.reshard;

import gw.record.RecordView;

/** Knows in which guilds the bot is. Owned by the data event loop. */
public interface GuildWatch {
    /**
     * A record of this generation has come.
     *
     * @return whether a shard starts with it: it is READY, or the GUILD_CREATE of a guild that
     *     READY has listed
     */
    boolean arrives(int generation, RecordView record);

    /** How many guilds are away in the one generation and not in the other. */
    int missing(int next, int current);

    /** A generation is gone. */
    void forget(int generation);

    /** Whether this guild is away in this generation: not yet come, or in an outage. */
    boolean isAbsent(int generation, long guildId);
}
