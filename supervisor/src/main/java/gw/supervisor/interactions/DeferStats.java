package gw.supervisor.interactions;

/**
 * What was done in the bot's place so far.
 *
 * @param messages commands that were deferred
 * @param updates components that were deferred
 * @param choices autocompletes that got an empty list
 * @param acknowledged callbacks that came after the bot's own answer
 * @param tooLate not deferred: 3 s were over, or so nearly that it was not tried
 * @param limited not deferred: Discord's rate limit did not let it through in time
 * @param failed not deferred: Discord refused, broke down or was out of reach
 * @param notTaken not deferred: too many waited already
 * @param notUnderstood interactions that could not be read
 * @param waiting for the bot or for their turn
 * @param inFlight callbacks under way
 * @param lastError the last that went wrong, in words; empty: nothing yet
 * @param lastErrorMillis when that was, since the epoch; 0: never
 */
public record DeferStats(
        long messages,
        long updates,
        long choices,
        long acknowledged,
        long tooLate,
        long limited,
        long failed,
        long notTaken,
        long notUnderstood,
        int waiting,
        int inFlight,
        String lastError,
        long lastErrorMillis) {
    /** Nothing was ever deferred. */
    public static final DeferStats NONE = new DeferStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", 0);

    /** All that were deferred. */
    public long deferred() {
        return messages + updates + choices;
    }
}
