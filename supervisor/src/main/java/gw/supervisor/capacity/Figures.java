package gw.supervisor.capacity;

import java.util.Locale;

/** Numbers as they stand in sentences. */
final class Figures {
    private static final double MIB = 1024.0 * 1024;
    private static final double GIB = 1024 * MIB;

    private Figures() {}

    /** With its thousands parted, for example "2,013". */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** With its noun, for example "1 shard" or "12 shards". */
    static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    /** Guilds as a part of the most that a shard may have, for example "80.5 %". */
    static String share(int guilds) {
        return String.format(Locale.ROOT, "%.1f %%", guilds * 100.0 / Counts.MOST_GUILDS);
    }

    /** For example "604 MiB" or "1.5 GiB". */
    static String bytes(long bytes) {
        return bytes < GIB
                ? String.format(Locale.ROOT, "%,.0f MiB", bytes / MIB)
                : String.format(Locale.ROOT, "%,.1f GiB", bytes / GIB);
    }
}
