package gw.sim.gateway;

/** Makes what happens in guilds. Called on the sim's event loop. */
public interface EventSource {
    /** Something that happens in this guild, or outside of all when it is 0. */
    SimEvent next(long guildId);

    /** The whole guild, as GUILD_CREATE's {@code d}. */
    byte[] guildCreate(long guildId);
}
