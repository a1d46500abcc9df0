package gw.record;

/** What a record holds. The numbers are on disk and on the wire: they never change. */
public enum RecordKind {
    /** A dispatch, its payload exactly as Discord sent it. */
    DISPATCH(1),
    /**
     * Events are missing here; the payload says which and why, as the synthetic event {@code
     * GW_GAP}.
     */
    GAP(2),
    /**
     * No event: which session a shard holds, and how far the log has it. The supervisor writes it,
     * for itself.
     */
    SESSION(3),
    /**
     * From here on the next generation of shards is in charge; the payload says so, as the
     * synthetic event {@code GW_RESHARDED}.
     */
    RESHARDED(4),
    /**
     * A dispatch with which a shard of the next generation starts: READY, or a GUILD_CREATE of a
     * guild that the bot has long had.
     */
    START_UP(5),
    /**
     * No event, and in no log of events: both generations will have this one; the payload is what
     * they are told by.
     */
    TWIN(6),
    /** No event, and in no log of events: so far the next generation's session is known. */
    SEEN(7);

    private final int number;

    RecordKind(int number) {
        this.number = number;
    }

    /** The number that stands for it in a record. */
    public int number() {
        return number;
    }

    static boolean isKnown(int number) {
        return number >= 1 && number <= 7;
    }

    static RecordKind byNumber(int number) {
        return switch (number) {
            case 2 -> GAP;
            case 3 -> SESSION;
            case 4 -> RESHARDED;
            case 5 -> START_UP;
            case 6 -> TWIN;
            case 7 -> SEEN;
            default -> DISPATCH;
        };
    }
}
