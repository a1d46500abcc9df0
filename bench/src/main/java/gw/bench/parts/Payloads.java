package gw.bench.parts;

import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimEvent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The sim's events, chosen by their size; the same ones each time. */
public final class Payloads {
    private static final long FIRST_GUILD = 1_000_000_000_000_000_000L;
    private static final int GUILDS = 5_000;

    /** Whole guilds are at least so large, other events hardly ever. */
    private static final int SMALLEST_GUILD = 5_500;

    /** The sim has next to no guilds from here on. */
    private static final int LARGEST_USUAL_GUILD = 60_000;

    private Payloads() {}

    /**
     * So many events whose data is half to twice as long as asked for, and about that on average.
     *
     * @param bytes at least 100; from 5,500 on they are GUILD_CREATEs, and from 60,000 on these are
     *     put together from smaller ones
     */
    public static List<SimEvent> events(int bytes, int count) {
        RealisticEvents source = new RealisticEvents(1);
        List<SimEvent> chosen = new ArrayList<>(count);
        long sum = 0;
        for (int i = 0; chosen.size() < count; i++) {
            SimEvent event = candidate(source, i, bytes);
            int length = event.data().length;
            boolean fits = length >= bytes / 2 && length <= bytes * 2;
            boolean evens =
                    bytes > LARGEST_USUAL_GUILD
                            || (length > bytes) != (sum > (long) chosen.size() * bytes);
            if (fits && evens) {
                chosen.add(event);
                sum += length;
            }
        }
        return chosen;
    }

    private static SimEvent candidate(RealisticEvents source, int number, int bytes) {
        long guild = FIRST_GUILD + number % GUILDS;
        if (bytes < SMALLEST_GUILD) {
            return source.next(guild);
        }
        byte[] data =
                bytes <= LARGEST_USUAL_GUILD
                        ? source.guildCreate(guild)
                        : largeGuild(source, guild, bytes);
        return new SimEvent("GUILD_CREATE", guild, data);
    }

    /** A guild that holds many others, in an array behind its own. */
    private static byte[] largeGuild(RealisticEvents source, long guild, int bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + LARGEST_USUAL_GUILD);
        byte[] own = source.guildCreate(guild);
        out.write(own, 0, own.length - 1);
        out.writeBytes(ascii(",\"guilds\":["));
        for (long other = guild + 1; out.size() < bytes; other++) {
            byte[] json = source.guildCreate(other);
            if (json.length <= LARGEST_USUAL_GUILD) {
                out.writeBytes(json);
                out.write(',');
            }
        }
        out.writeBytes(ascii("null]}"));
        return out.toByteArray();
    }

    /** What Discord sends of it. */
    public static byte[] message(SimEvent event, long sequence) {
        byte[] head =
                ascii("{\"t\":\"" + event.name() + "\",\"s\":" + sequence + ",\"op\":0,\"d\":");
        ByteArrayOutputStream out =
                new ByteArrayOutputStream(head.length + event.data().length + 1);
        out.writeBytes(head);
        out.writeBytes(event.data());
        out.write('}');
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
