package gw.worker.envelope;

import java.util.Arrays;

/**
 * The outer fields of one gateway payload, as offsets into its bytes. Filled by {@link
 * EnvelopeScanner} and used again for the next payload; owned by one thread.
 */
public final class Envelope {
    int op;
    long sequence;
    int nameOffset;
    int nameLength;
    long guildId;
    int dataOffset;
    int dataLength;

    /** The opcode. */
    public int op() {
        return op;
    }

    /** Discord's {@code s}; -1 when it is null or missing. */
    public long sequence() {
        return sequence;
    }

    /** Where the event name starts, its quotes left out. */
    public int nameOffset() {
        return nameOffset;
    }

    /** The event name's length in bytes; 0 when {@code t} is null or missing. */
    public int nameLength() {
        return nameLength;
    }

    /**
     * Whether the event has this name.
     *
     * @param json what was scanned
     */
    public boolean nameIs(byte[] json, byte[] name) {
        return nameLength == name.length
                && Arrays.equals(json, nameOffset, nameOffset + nameLength, name, 0, name.length);
    }

    /**
     * The routing key: {@code d.guild_id}, or {@code d.id} for GUILD_CREATE, GUILD_UPDATE and
     * GUILD_DELETE; 0: none.
     */
    public long guildId() {
        return guildId;
    }

    /** Where the value of {@code d} starts. */
    public int dataOffset() {
        return dataOffset;
    }

    /** The length of the value of {@code d} in bytes; 0 when it is missing. */
    public int dataLength() {
        return dataLength;
    }
}
