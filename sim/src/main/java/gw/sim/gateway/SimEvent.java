package gw.sim.gateway;

/**
 * A dispatch to be: the sim adds sequence and opcode.
 *
 * @param name its {@code t}
 * @param guildId 0: it belongs to no guild and goes to shard 0
 * @param data JSON of its {@code d}
 */
@SuppressWarnings("ArrayRecordComponent")
public record SimEvent(String name, long guildId, byte[] data) {}
