package gw.sim.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Makes GUILD_CREATE's {@code d}: most are 5 to 60 KB, some a few hundred, one in some hundreds
 * about 2 MB. The same guild is the same each time. Immutable once made.
 */
final class WholeGuilds {
    private static final int POOL = 48;
    private static final int MAX_PART_BYTES = 16 * 1024;
    private static final int MIN_SMALL_BYTES = 5_500;
    private static final int MAX_SMALL_BYTES = 58_000;
    private static final int HUGE_BYTES = 2_000_000;

    /** An array of the guild, and its share of the bytes in percent. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Part(String name, int share, EventTemplate[] pool) {}

    private final long seed;
    private final List<Part> parts;
    private final EventTemplate[] heads;

    WholeGuilds(long seed, Things things, GuildEvents guilds) {
        this.seed = seed;
        this.parts =
                List.of(
                        new Part("members", 35, pool(things, things::memberWithUser)),
                        new Part("channels", 25, pool(things, things::channel)),
                        new Part("presences", 12, pool(things, () -> presence(things))),
                        new Part("roles", 15, pool(things, things::role)),
                        new Part("emojis", 5, pool(things, things::emoji)),
                        new Part("threads", 5, pool(things, () -> things.thread().guild())),
                        new Part("voice_states", 3, pool(things, () -> voice(things))));
        this.heads = pool(things, () -> guilds.scalars().flag("unavailable", false));
    }

    private static JsonObject presence(Things things) {
        return things.object()
                .object("user", things.object().text("id", things.id()))
                .text("status", "online")
                .object("client_status", things.object().text("web", "online"))
                .list("activities", things.some(2, things::activity));
    }

    private static JsonObject voice(Things things) {
        return things.object()
                .text("user_id", things.id())
                .text("session_id", things.hex())
                .text("channel_id", things.id());
    }

    private static EventTemplate[] pool(Things things, Supplier<JsonObject> thing) {
        EventTemplate[] pool = new EventTemplate[POOL];
        for (int i = 0; i < POOL; i++) {
            things.spelling.turn();
            pool[i] = EventTemplate.of(thing.get().toJson());
        }
        return pool;
    }

    byte[] guild(long guildId) {
        SplittableRandom random = new SplittableRandom(guildId ^ seed);
        int target = size(random);
        Output out = new Output(target + target / 4 + 2 * MAX_PART_BYTES, guildId, random);
        List<Part> order = new ArrayList<>(parts);
        int idAt = random.nextInt(order.size() + 1);
        // The scalars lose their closing bracket; the arrays follow behind them.
        out.template(heads[random.nextInt(POOL)]);
        out.dropLast();
        for (int i = 0; i <= parts.size(); i++) {
            if (i == idAt) {
                out.raw(",\"id\":\"" + guildId + "\"");
            }
            if (i < parts.size()) {
                Part part = order.remove(random.nextInt(order.size()));
                out.array(part, target * (long) part.share() / 100);
            }
        }
        out.raw("}");
        return out.bytes();
    }

    private static int size(SplittableRandom random) {
        int dice = random.nextInt(1_000);
        if (dice < 3) {
            return HUGE_BYTES;
        }
        if (dice < 30) {
            return 120_000 + random.nextInt(300_000);
        }
        double skewed = Math.pow(random.nextDouble(), 2);
        return MIN_SMALL_BYTES + (int) (skewed * (MAX_SMALL_BYTES - MIN_SMALL_BYTES));
    }

    /** Where a guild is written. */
    private static final class Output {
        private final long guildId;
        private final SplittableRandom random;
        private byte[] bytes;
        private int length;
        private long nextId = RealisticEvents.FIRST_NEW_ID;

        Output(int capacity, long guildId, SplittableRandom random) {
            this.bytes = new byte[capacity];
            this.guildId = guildId;
            this.random = random;
        }

        void raw(String text) {
            byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
            reserve(ascii.length);
            System.arraycopy(ascii, 0, bytes, length, ascii.length);
            length += ascii.length;
        }

        void template(EventTemplate template) {
            reserve(template.length(guildId));
            length = template.write(bytes, length, guildId, nextId);
            nextId += 1 << 22;
        }

        void array(Part part, long targetBytes) {
            raw(",\"" + part.name() + "\":[");
            long end = length + targetBytes;
            for (String comma = ""; length < end; comma = ",") {
                raw(comma);
                template(part.pool()[random.nextInt(part.pool().length)]);
            }
            raw("]");
        }

        void dropLast() {
            length--;
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }

        private void reserve(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, (length + more) * 3 / 2);
            }
        }
    }
}
