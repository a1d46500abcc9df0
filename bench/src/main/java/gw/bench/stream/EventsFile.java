package gw.bench.stream;

import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimEvent;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes what {@code blast} sends: dispatches of the fake Discord's generator, one JSON object a
 * line, with sequence 0 and one stand-in for the guild's id, which {@code blast} replaces.
 * Arguments: the file for the events, how many (4096), and if wanted a file for whole guilds
 * (GUILD_CREATE) and how many of them (64). The same arguments give the same bytes.
 */
final class EventsFile {
    /** As long as the ids that come in its place, and no other id in the events. */
    private static final long STAND_IN_GUILD = 1_234_567_890_123_456_789L;

    private static final long SEED = 1;
    private static final int OUTSIDE_GUILDS_ONE_IN = 50;

    private final RealisticEvents source = new RealisticEvents(SEED);
    private final Map<String, Integer> kinds = new TreeMap<>();
    private long bytes;

    private EventsFile() {}

    public static void main(String[] args) throws IOException {
        if (args.length == 0 || args.length > 4) {
            System.err.println("usage: EventsFile EVENTS [LINES] [GUILDS [LINES]]");
            System.exit(2);
        }
        EventsFile file = new EventsFile();
        int events = args.length > 1 ? Integer.parseInt(args[1]) : 4_096;
        file.events(Path.of(args[0]), events);
        if (args.length > 2) {
            file.guilds(Path.of(args[2]), args.length > 3 ? Integer.parseInt(args[3]) : 64);
        }
        System.out.printf(
                "%d events, %d bytes on average: %s%n", events, file.bytes / events, file.kinds);
    }

    private void events(Path path, int count) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            for (int i = 0; i < count; i++) {
                boolean outside = i % OUTSIDE_GUILDS_ONE_IN == OUTSIDE_GUILDS_ONE_IN - 1;
                SimEvent event = source.next(outside ? 0 : STAND_IN_GUILD);
                bytes += line(out, event.name(), event.data());
                var _ = kinds.merge(event.name(), 1, Integer::sum);
            }
        }
    }

    private void guilds(Path path, int count) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            for (int i = 0; i < count; i++) {
                // Guilds differ by their ids, so each is made for its own and given the stand-in's.
                long id = STAND_IN_GUILD + 1 + i;
                String data = new String(source.guildCreate(id), StandardCharsets.UTF_8);
                String standIn = data.replace(Long.toString(id), Long.toString(STAND_IN_GUILD));
                line(out, "GUILD_CREATE", standIn.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static long line(OutputStream out, String name, byte[] data) throws IOException {
        byte[] head =
                ("{\"t\":\"" + name + "\",\"s\":0,\"op\":0,\"d\":")
                        .getBytes(StandardCharsets.US_ASCII);
        out.write(head);
        for (byte b : data) {
            // Between tokens only: inside of strings line ends are escaped.
            out.write(b == '\n' || b == '\r' ? ' ' : b);
        }
        out.write('}');
        out.write('\n');
        return head.length + data.length + 1L;
    }
}
