package gw.sim.check;

/** What must not happen between what was sent and what was received. */
public enum Flaw {
    /** Sent and owed, neither received nor announced as lost. */
    MISSING("missing"),
    /** First received after a later event of its guild, or of its shard when it has no guild. */
    OUT_OF_ORDER("out of order"),
    /** Received with other bytes, another name or another shard. */
    CORRUPTED("corrupted"),
    /** Received, never sent. */
    UNKNOWN("unknown"),
    /** An announcement of lost events that is not true. */
    FALSE_GAP("false gaps");

    private final String words;

    Flaw(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
