package gw.supervisor.interactions;

/** An interaction that is not deferred yet. Owned by the data event loop. */
final class Pending implements Comparable<Pending> {
    final String key;
    final InteractionFacts facts;
    final Deferral how;
    final long receivedNanos;
    private final long number;
    long dueNanos;

    /** Whether a callback went out whose end is not known. */
    boolean unsure;

    /** Whether it waits because of a 429. */
    boolean limited;

    /** Whether the bot has settled it while a callback was under way. */
    boolean settled;

    Pending(
            String key,
            InteractionFacts facts,
            Deferral how,
            long receivedNanos,
            long dueNanos,
            long number) {
        this.key = key;
        this.facts = facts;
        this.how = how;
        this.receivedNanos = receivedNanos;
        this.dueNanos = dueNanos;
        this.number = number;
    }

    /** Whether nothing may be sent any more. */
    boolean isTooLate(long nowNanos) {
        return nowNanos - receivedNanos > DeferDesk.SEND_WITHIN_NANOS;
    }

    /** By what is due first. */
    @Override
    public int compareTo(Pending other) {
        int byTime = Long.compare(dueNanos - other.dueNanos, 0);
        return byTime != 0 ? byTime : Long.compare(number, other.number);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }
}
