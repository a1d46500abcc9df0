package gw.worker;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The worker's command line, written by its supervisor.
 *
 * @param socket the supervisor's
 * @param cluster 0-based
 * @param incarnation names this process
 * @param orphanTimeout how long to wait for a supervisor that is away
 */
record WorkerArguments(Path socket, int cluster, String incarnation, Duration orphanTimeout) {
    static final String USAGE =
            "usage: gw-worker --socket PATH --cluster N --incarnation ID [--orphan-timeout MS]\n"
                    + "A worker is started by its supervisor (gw start), not by hand.";

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException with words for people
     */
    static WorkerArguments of(String... args) {
        String socket = "";
        String incarnation = "";
        int cluster = -1;
        long orphanMillis = 300_000;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a value");
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--socket" -> socket = value;
                case "--cluster" -> cluster = (int) number(args[i], value, Integer.MAX_VALUE);
                case "--incarnation" -> incarnation = value;
                case "--orphan-timeout" -> orphanMillis = number(args[i], value, 86_400_000);
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
        if (socket.isEmpty() || cluster < 0 || incarnation.isEmpty()) {
            throw new IllegalArgumentException("--socket, --cluster and --incarnation are needed");
        }
        return new WorkerArguments(
                Path.of(socket), cluster, incarnation, Duration.ofMillis(orphanMillis));
    }

    private static long number(String option, String value, long max) {
        try {
            long number = Long.parseLong(value);
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + ": " + value + " is no number", e);
        }
        throw new IllegalArgumentException(option + ": " + value + " (expected: 0.." + max + ")");
    }
}
