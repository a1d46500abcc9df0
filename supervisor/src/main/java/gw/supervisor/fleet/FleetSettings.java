package gw.supervisor.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * How workers are run.
 *
 * @param socket where they dial
 * @param directory for their output, crash and heap dump files; exists
 * @param silenceLimit a worker from which nothing was heard for so long is killed
 * @param attachLimit the same before its first word
 * @param leaveLimit a worker that was told to leave and does not is killed
 * @param maxMessageBytes largest message that a worker takes, which its heap has to hold
 * @param heapMegabytes largest heap; empty: sized to the shards and the largest message
 * @param orphanTimeout how long a worker keeps its sessions while no supervisor answers
 */
public record FleetSettings(
        Path socket,
        Path directory,
        Duration silenceLimit,
        Duration attachLimit,
        Duration leaveLimit,
        long maxMessageBytes,
        OptionalInt heapMegabytes,
        Duration orphanTimeout) {}
