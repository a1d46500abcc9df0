package gw.supervisor.identify;

import java.time.Instant;

/**
 * Tells that the session start limit is spent, once for each moment, and that it may be no more.
 */
final class LimitNotice {
    private final Outlook outlook;
    private final LimitWatch watch;
    private final Outbox outbox;
    private final IdentifyListener out;
    private long toldUntilMillis;

    LimitNotice(Outlook outlook, LimitWatch watch, Outbox outbox, IdentifyListener out) {
        this.outlook = outlook;
        this.watch = watch;
        this.outbox = outbox;
        this.out = out;
    }

    void tell(long nowNanos, long nowMillis) {
        boolean waiting = outlook.isWaiting();
        if (watch.askNanos(waiting, nowNanos, nowMillis) <= nowNanos) {
            watch.asked(nowNanos);
            outbox.add(out::wantsFreshLimit);
        }
        if (!waiting) {
            toldUntilMillis = 0;
        } else if (!watch.isAsking()) {
            Instant until = outlook.waitingUntil(nowNanos);
            if (Math.abs(until.toEpochMilli() - toldUntilMillis) > 1_000) {
                toldUntilMillis = until.toEpochMilli();
                outbox.add(() -> out.limitExhausted(until));
            }
        }
    }
}
