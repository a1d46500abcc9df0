package gw.worker.shard;

import java.util.concurrent.TimeUnit;

/**
 * Counts what is sent on one connection against Discord's 120 messages in 60 s (P5). Heartbeats
 * have a reserve of their own, so that nothing else can crowd them out. Owned by one thread.
 *
 * @see <a href="https://docs.discord.com/developers/events/gateway#rate-limiting">Discord: Rate
 *     Limiting</a>
 */
final class CommandLimiter {
    /** No message may be longer; Discord closes with 4002. */
    static final int MAX_MESSAGE_BYTES = 4096;

    static final int LIMIT = 120;
    static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final long[] sentAt = new long[LIMIT];
    private int reserve;
    private int count;
    private int next;

    /** For a connection whose heartbeat has this interval. */
    CommandLimiter(long heartbeatIntervalNanos) {
        heartbeatEvery(heartbeatIntervalNanos);
    }

    /** The interval is known now; what was sent before still counts. */
    final void heartbeatEvery(long heartbeatIntervalNanos) {
        long beats = WINDOW_NANOS / Math.max(1, heartbeatIntervalNanos) + 2;
        reserve = (int) Math.min(LIMIT / 2, beats);
    }

    /** Counts a heartbeat, due or asked for; false when even the reserve is used up. */
    boolean tryHeartbeat(long nowNanos) {
        return take(nowNanos, LIMIT);
    }

    /** Counts anything else. */
    boolean tryCommand(long nowNanos) {
        return take(nowNanos, LIMIT - reserve);
    }

    private boolean take(long now, int limit) {
        int inWindow = 0;
        for (int i = 1; i <= count; i++) {
            if (now - sentAt[Math.floorMod(next - i, LIMIT)] >= WINDOW_NANOS) {
                break;
            }
            inWindow++;
        }
        if (inWindow >= limit) {
            return false;
        }
        sentAt[next] = now;
        next = (next + 1) % LIMIT;
        count = Math.min(LIMIT, count + 1);
        return true;
    }

    /** What is wrong with a message of so many bytes, and what to do about it. */
    static String tooLong(int bytes) {
        return bytes
                + " bytes long, and Discord takes at most "
                + MAX_MESSAGE_BYTES
                + ": shorten presence or properties";
    }
}
