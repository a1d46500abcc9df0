package gw.worker.shard;

import java.util.concurrent.TimeUnit;

/** What a shard counts of itself. Times are milliseconds since the epoch, 0: never. */
public final class ShardFigures {
    private long beatAtMillis;
    private long ackAtMillis;
    private long beatNanos;
    private boolean acknowledged = true;
    private long intervalMillis;
    private long latencyMicros;
    private long lastDispatchMillis;
    private long dispatches;
    private int reconnects;
    private int resumes;
    private int identifies;

    void beat(long nowMillis, long nowNanos) {
        beatAtMillis = nowMillis;
        beatNanos = nowNanos;
        acknowledged = false;
    }

    void acked(long nowMillis, long nowNanos) {
        ackAtMillis = nowMillis;
        if (!acknowledged) {
            latencyMicros = TimeUnit.NANOSECONDS.toMicros(nowNanos - beatNanos);
        }
        acknowledged = true;
    }

    void interval(long millis) {
        intervalMillis = millis;
    }

    void dispatch(long nowMillis) {
        dispatches++;
        lastDispatchMillis = nowMillis;
    }

    void reconnecting() {
        reconnects++;
    }

    void resuming() {
        acknowledged = true;
    }

    void resumed() {
        resumes++;
    }

    void identified() {
        acknowledged = true;
        identifies++;
    }

    public long beatAtMillis() {
        return beatAtMillis;
    }

    public long ackAtMillis() {
        return ackAtMillis;
    }

    /** Whether the last heartbeat was. */
    public boolean acknowledged() {
        return acknowledged;
    }

    public long intervalMillis() {
        return intervalMillis;
    }

    /** Round trip of the last heartbeat. */
    public long latencyMicros() {
        return latencyMicros;
    }

    public long lastDispatchMillis() {
        return lastDispatchMillis;
    }

    public long dispatches() {
        return dispatches;
    }

    public int reconnects() {
        return reconnects;
    }

    /** RESUMED dispatches. */
    public int resumes() {
        return resumes;
    }

    /** IDENTIFYs written. */
    public int identifies() {
        return identifies;
    }
}
