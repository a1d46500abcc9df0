package gw.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a run is like.
 *
 * @param seed makes the script, the guilds and the events
 * @param length of the part in which things happen; start and drain come on top of it
 * @param rate events a second, over all shards
 * @param shards of the bot
 * @param workers that share them
 * @param guilds of the bot
 * @param kinds what may happen
 * @param drainWithin most time from the end of the trouble until all has been delivered
 * @param diskMegabytes size of the file system of the state directory, where it is made to fill
 * @param gw the launcher, {@code bin/gw}
 * @param gwOptions further options of {@code gw start}
 * @param directory for the state, the logs and the findings; its path must be short enough for Unix
 *     sockets
 */
record Settings(
        long seed,
        Duration length,
        int rate,
        int shards,
        int workers,
        int guilds,
        Set<Kind> kinds,
        Duration drainWithin,
        int diskMegabytes,
        Path gw,
        List<String> gwOptions,
        Path directory) {
    /** Room in ledger and bot for catching up, guilds and redeliveries. */
    private static final double ROOM = 1.5;

    private static final int BASE_EVENTS = 100_000;

    /** gw's own default. */
    private static final int CONCURRENCY = 64;

    Settings {
        kinds = Set.copyOf(kinds);
        gwOptions = List.copyOf(gwOptions);
        if (workers < 1 || shards < workers) {
            throw new IllegalArgumentException(
                    "workers: "
                            + workers
                            + " (expected: 1 to the number of shards, "
                            + shards
                            + ")");
        }
    }

    Path state() {
        return directory.resolve("state");
    }

    /** Whether gw was given limits beyond which it may drop events. */
    boolean limited() {
        return gwOptions.stream()
                .anyMatch(word -> word.startsWith("--queue-max") || word.startsWith("--ttl"));
    }

    /** Whether gw was told to stop reading at a limit, rather than drop events. */
    boolean pauses() {
        return gwOptions.stream().anyMatch(word -> word.endsWith("pause"));
    }

    /** Most events that are on their way to the bot at once. */
    int underWay() {
        return option("--delivery-concurrency", CONCURRENCY) * option("--batch-max", 1);
    }

    /** A number among gw's options, as two words or as one; the last counts. */
    private int option(String name, int otherwise) {
        int value = otherwise;
        for (int i = 0; i < gwOptions.size(); i++) {
            String word = gwOptions.get(i);
            if (word.startsWith(name + "=")) {
                value = Integer.parseInt(word.substring(name.length() + 1));
            } else if (word.equals(name) && i + 1 < gwOptions.size()) {
                value = Integer.parseInt(gwOptions.get(i + 1));
            }
        }
        return value;
    }

    int shardsPerWorker() {
        return Math.ceilDiv(shards, workers);
    }

    /** How many events ledger and bot must be able to keep. */
    int events() {
        double seconds = length.plus(drainWithin).toMillis() / 1e3;
        return (int) Math.min(Integer.MAX_VALUE / 2.0, BASE_EVENTS + rate * seconds * ROOM);
    }
}
