package gw.chaos;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be done to gw and its surroundings, by the names that the command line uses. */
enum Kind {
    WORKER_KILL("worker-kill", Lane.WORKER, 3, "kill -9 of a worker"),
    WORKER_STOP("worker-stop", Lane.WORKER, 2, "a worker is stopped for 0.1-20 s and continued"),
    SUPERVISOR_KILL(
            "supervisor-kill",
            Lane.SUPERVISOR,
            3,
            "kill -9 of the supervisor, started after 0-8 s"),
    SUPERVISOR_STOP(
            "supervisor-stop",
            Lane.SUPERVISOR,
            1,
            "the supervisor is stopped for 0.1-15 s and continued"),
    SUPERVISOR_TERM(
            "supervisor-term",
            Lane.SUPERVISOR,
            1,
            "SIGTERM to the supervisor, started after 0-8 s"),
    KILL_ALL(
            "kill-all",
            Lane.SUPERVISOR,
            2,
            "kill -9 of the supervisor and all workers at once, started after 0-8 s"),
    UPGRADE("upgrade", Lane.SUPERVISOR, 1, "gw upgrade"),
    BOT_DOWN("bot-down", Lane.BOT, 3, "the bot drops its connections and refuses for 0.1-20 s"),
    BOT_TROUBLE(
            "bot-trouble",
            Lane.BOT,
            1,
            "the bot answers 500, 503, 429, 401 or 404, late, never, or by a reset, for 0.2-8 s"),
    SHARD_FAULTS(
            "shard-faults",
            Lane.SHARD,
            1,
            "what Discord and networks do to one connection, and op 7 before HELLO, REST errors"),
    OUTAGES(
            "outages",
            Lane.OUTAGE,
            1,
            "resume host dead, connections refused, no resumes, maintenance, for 1-15 s"),
    DISK_FULL("disk-full", Lane.DISK, 1, "no room in the state directory for 1-8 s");

    /** What a run does unless it is told otherwise. */
    static final Set<Kind> STANDARD = Collections.unmodifiableSet(EnumSet.allOf(Kind.class));

    final String word;
    final Lane lane;

    /** How many of it a lane's deck holds. */
    final int weight;

    final String description;

    Kind(String word, Lane lane, int weight, String description) {
        this.word = word;
        this.lane = lane;
        this.weight = weight;
        this.description = description;
    }

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException that lists the names
     */
    static Kind named(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no such action: " + word + " (expected: " + words() + ")"));
    }

    private static String words() {
        return Arrays.stream(values()).map(kind -> kind.word).collect(Collectors.joining(", "));
    }
}
