package gw.sim.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** JSON whose ids are holes: filling it costs about a copy. Immutable. */
final class EventTemplate {
    /** Stands in the text where the guild's id goes. */
    static final char GUILD = '\uE000';

    /** Stands in the text where a new id goes. */
    static final char NEW_ID = '\uE001';

    /** Digits of every new id. */
    static final int ID_DIGITS = 19;

    private final byte[][] literals;
    private final boolean[] guildAfter;
    private final int literalBytes;
    private final int guilds;

    private EventTemplate(List<byte[]> literals, List<Boolean> holes) {
        this.literals = literals.toArray(new byte[0][]);
        this.guildAfter = new boolean[holes.size()];
        int bytes = 0;
        int guildHoles = 0;
        for (byte[] literal : literals) {
            bytes += literal.length;
        }
        for (int i = 0; i < guildAfter.length; i++) {
            guildAfter[i] = holes.get(i);
            guildHoles += guildAfter[i] ? 1 : 0;
        }
        this.literalBytes = bytes;
        this.guilds = guildHoles;
    }

    static EventTemplate of(String text) {
        List<byte[]> literals = new ArrayList<>();
        List<Boolean> holes = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == GUILD || c == NEW_ID) {
                literals.add(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
                holes.add(c == GUILD);
                from = i + 1;
            }
        }
        literals.add(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return new EventTemplate(literals, holes);
    }

    /** How long it is when it is filled. */
    int length(long guildId) {
        return literalBytes + guilds * digits(guildId) + (guildAfter.length - guilds) * ID_DIGITS;
    }

    /**
     * Writes it with its holes filled.
     *
     * @param firstId for the first new id, 19 digits; each further one is one more
     * @return the offset behind it
     */
    int write(byte[] out, int offset, long guildId, long firstId) {
        int at = offset;
        long nextId = firstId;
        for (int i = 0; i < literals.length; i++) {
            System.arraycopy(literals[i], 0, out, at, literals[i].length);
            at += literals[i].length;
            if (i < guildAfter.length) {
                at = number(out, at, guildAfter[i] ? guildId : nextId++);
            }
        }
        return at;
    }

    private static int number(byte[] out, int at, long value) {
        int end = at + digits(value);
        long rest = value;
        for (int i = end - 1; i >= at; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }
}
