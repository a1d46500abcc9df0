package gw.worker;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When to stop reading from Discord: while the supervisor has no room, and while too much waits for
 * its acks. A supervisor that acks gets a burst in pieces, so that neither process holds much of it
 * in memory; while one is away the worker takes all that its limit allows. Owned by the event loop.
 */
final class Backpressure {
    /** What may wait while acks come: many times what is on its way between two of them. */
    static final long SERVED_BYTES = 8L * 1024 * 1024;

    private static final long SERVED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a check asks for. */
    enum Change {
        NONE,
        PAUSE,
        GO_ON
    }

    private final LongSupplier nanos;
    private long limitBytes = Long.MAX_VALUE;
    private long ackedAtNanos;
    private boolean paused;
    private boolean told;
    private Optional<String> words = Optional.empty();

    /**
     * Nothing is paused.
     *
     * @param nanos monotonic
     */
    Backpressure(LongSupplier nanos) {
        this.nanos = nanos;
        this.ackedAtNanos = nanos.getAsLong() - SERVED_WITHIN_NANOS;
    }

    /** Most bytes that may wait while no acks come. */
    void limit(long bytes) {
        limitBytes = bytes;
    }

    /** The supervisor has acked something. */
    void acked() {
        ackedAtNanos = nanos.getAsLong();
    }

    boolean isPaused() {
        return paused;
    }

    /** What a human is to be told of the last change; bursts are no news. */
    Optional<String> words() {
        return words;
    }

    /**
     * Looks whether reading is to stop or to go on.
     *
     * @param unackedBytes what waits
     * @param held the supervisor has no room
     */
    Change check(long unackedBytes, boolean held) {
        if (!paused && !held && unackedBytes <= Math.min(SERVED_BYTES, limitBytes)) {
            return Change.NONE;
        }
        boolean served = nanos.getAsLong() - ackedAtNanos < SERVED_WITHIN_NANOS;
        long limit = served ? Math.min(SERVED_BYTES, limitBytes) : limitBytes;
        boolean stop = held || (paused ? unackedBytes >= limit / 2 : unackedBytes > limit);
        if (stop == paused) {
            return Change.NONE;
        }
        paused = stop;
        words = say(unackedBytes, held, served);
        return stop ? Change.PAUSE : Change.GO_ON;
    }

    private Optional<String> say(long unackedBytes, boolean held, boolean served) {
        if (paused && (held || !served)) {
            told = true;
            return Optional.of(
                    "reading paused: "
                            + (held ? "the supervisor has no room, " : "")
                            + unackedBytes
                            + " bytes wait for the supervisor");
        }
        if (!paused && told) {
            told = false;
            return Optional.of("reading goes on");
        }
        return Optional.empty();
    }
}
