package gw.supervisor.log;

/** Why an event that was taken from Discord never reaches the bot. */
public enum DropReason {
    /** The queue was full, and this one among the oldest. */
    QUEUE_FULL("queue_full"),
    /** The disk was full, and this one among the oldest. */
    DISK_FULL("disk_full"),
    /** It was older than the queue keeps events. */
    MAX_AGE("max_age"),
    /** It was older than events of its type are worth. */
    TTL("ttl"),
    /** The disk gave it back damaged. */
    DAMAGED("damaged");

    private final String word;

    DropReason(String word) {
        this.word = word;
    }

    /** As the bot and the status name it. */
    public String word() {
        return word;
    }
}
