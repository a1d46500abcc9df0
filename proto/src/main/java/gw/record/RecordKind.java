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
    SESSION(3);

    private final int number;

    RecordKind(int number) {
        this.number = number;
    }

    /** The number that stands for it in a record. */
    public int number() {
        return number;
    }

    static boolean isKnown(int number) {
        return number >= 1 && number <= 3;
    }

    static RecordKind byNumber(int number) {
        return switch (number) {
            case 2 -> GAP;
            case 3 -> SESSION;
            default -> DISPATCH;
        };
    }
}
