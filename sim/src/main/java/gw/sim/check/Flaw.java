package gw.sim.check;

/** What must not happen between what was sent and what was received. */
public enum Flaw {
    /** Sent and owed, received through no session and not announced as lost. */
    MISSING("missing"),
    /** Received though it had come already through another session. */
    DUPLICATED("duplicated"),
    /**
     * First received after what happened later in its guild, or in its shard when it has no guild,
     * whichever sessions they came through.
     */
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
