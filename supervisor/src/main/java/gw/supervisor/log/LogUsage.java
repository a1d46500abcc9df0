package gw.supervisor.log;

import java.util.List;
import java.util.Optional;

/**
 * What the log holds and what it had to let go.
 *
 * @param events not yet released
 * @param bytes of those
 * @param diskBytes of all its files
 * @param segments files of records
 * @param dropped events that never reach the bot, ever since the start of this process
 * @param drops the same by reason and type
 * @param gaps announcements of such losses that were handed out
 * @param duplicates records that were known already
 * @param bad records that were damaged on the link
 * @param damagedBytes of the disk that could not be read any more
 * @param oldestAtMicros when the oldest unread event was taken from Discord, microseconds since the
 *     epoch; 0: none is unread
 * @param problem what a human should look at
 */
public record LogUsage(
        long events,
        long bytes,
        long diskBytes,
        int segments,
        long dropped,
        List<Drop> drops,
        long gaps,
        long duplicates,
        long bad,
        long damagedBytes,
        long oldestAtMicros,
        Optional<String> problem) {
    /** So many events of a type were dropped for a reason. */
    public record Drop(DropReason reason, String type, long events) {}
}
