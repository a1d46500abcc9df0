package gw.record;

/** What a record holds. The numbers are on disk and on the wire: they never change. */
public enum RecordKind {
    /** A dispatch, its payload exactly as Discord sent it. */
    DISPATCH(1),
    /**
     * Events are missing here; the payload says which and why, as the synthetic event {@code
     * GW_GAP}.
     */
    GAP(2);

    private final int number;

    RecordKind(int number) {
        this.number = number;
    }

    /** The number that stands for it in a record. */
    public int number() {
        return number;
    }

    static boolean isKnown(int number) {
        return number == 1 || number == 2;
    }

    static RecordKind byNumber(int number) {
        return number == 2 ? GAP : DISPATCH;
    }
}
