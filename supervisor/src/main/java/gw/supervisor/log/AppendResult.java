package gw.supervisor.log;

import java.util.Arrays;
import java.util.Optional;

/**
 * What became of a batch.
 *
 * @param accepted records that are in the log now
 * @param duplicates records that were known by (shard, session, sequence)
 * @param bad 1 when a damaged record ended the batch
 * @param problem set when the batch was not taken whole: it must not be acked. What came before the
 *     damage is in the log, and will be recognised when it comes again
 * @param full nothing of it was taken, for there is no room: it is to be offered again later
 */
public record AppendResult(
        int accepted, int duplicates, int bad, Optional<String> problem, boolean full) {
    /** By how many records were taken, when all was well with a batch of the usual size. */
    private static final AppendResult[] WHOLE = new AppendResult[64];

    static {
        Arrays.setAll(WHOLE, taken -> new AppendResult(taken, 0, 0, Optional.empty(), false));
    }

    /** All of them are new, and in the log now. */
    static AppendResult whole(int taken) {
        return taken < WHOLE.length
                ? WHOLE[taken]
                : new AppendResult(taken, 0, 0, Optional.empty(), false);
    }

    static AppendResult noRoom() {
        return new AppendResult(0, 0, 0, Optional.empty(), true);
    }
}
