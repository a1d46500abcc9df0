package gw.supervisor.log;

/**
 * What the log holds and what it had to let go.
 *
 * @param events not yet released
 * @param bytes of those
 * @param dropped events that the limit cost, ever
 * @param gaps announcements of such losses, ever
 * @param duplicates records that were known already, ever
 * @param bad records that were damaged, ever
 * @param oldestAtMicros when the oldest unread event was taken from Discord, microseconds since the
 *     epoch; 0: none is unread
 */
public record LogUsage(
        long events,
        long bytes,
        long dropped,
        long gaps,
        long duplicates,
        long bad,
        long oldestAtMicros) {}
