package gw.supervisor.identify;

import java.util.concurrent.TimeUnit;

/**
 * When the session start limit is full again, and when to ask Discord about it. The end of the
 * window counts by either clock: the monotonic one stands still while the machine sleeps, the
 * wall's jumps.
 */
final class LimitWatch {
    private static final long MARGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long BASE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long an answer may take; Discord may be hard to reach. */
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long CAP_NANOS = TimeUnit.MINUTES.toNanos(5);

    private long resetsAtMillis;
    private long resetNanos;
    private long notBeforeNanos;
    private long askedNanos;
    private int fruitlessAsks;
    private boolean asking;
    private int grantsSinceAsk;

    /** The known window ends at this moment; 0: none is running. */
    void window(long newResetsAtMillis, long nowNanos, long nowMillis) {
        if (newResetsAtMillis != resetsAtMillis) {
            resetsAtMillis = newResetsAtMillis;
            resetNanos =
                    nowNanos
                            + TimeUnit.MILLISECONDS.toNanos(
                                    Math.max(0, newResetsAtMillis - nowMillis));
        }
    }

    boolean isOver(long nowNanos, long nowMillis) {
        return resetsAtMillis != 0 && (nowNanos >= resetNanos || nowMillis >= resetsAtMillis);
    }

    /** When to ask next; {@link Bucket#NEVER} while there is nothing to ask. */
    long askNanos(boolean waiting, long nowNanos, long nowMillis) {
        if (resetsAtMillis == 0) {
            return waiting ? notBeforeNanos : Bucket.NEVER;
        }
        boolean overByTheWall = nowMillis - resetsAtMillis >= MARGIN_NANOS / 1_000_000;
        long over = overByTheWall ? nowNanos : resetNanos + MARGIN_NANOS;
        return Math.max(over, notBeforeNanos);
    }

    void asked(long nowNanos) {
        if (!asking) {
            asking = true;
            grantsSinceAsk = 0;
        }
        askedNanos = nowNanos;
        notBeforeNanos = nowNanos + Math.max(ANSWER_NANOS, backoffNanos(fruitlessAsks));
        fruitlessAsks++;
    }

    void granted() {
        grantsSinceAsk++;
    }

    boolean isAsking() {
        return asking;
    }

    /** Tokens that went out while the answer was under way. */
    int grantsSinceAsk() {
        return asking ? grantsSinceAsk : 0;
    }

    /** Discord's figures came. */
    void answered(boolean stillWaiting, long nowNanos) {
        if (asking) {
            asking = false;
            notBeforeNanos = askedNanos + backoffNanos(fruitlessAsks - 1);
        }
        if (!stillWaiting || resetNanos - nowNanos > backoffNanos(fruitlessAsks)) {
            fruitlessAsks = 0;
        }
    }

    private static long backoffNanos(int failures) {
        return Math.min(CAP_NANOS, BASE_NANOS << Math.min(failures, 10));
    }
}
