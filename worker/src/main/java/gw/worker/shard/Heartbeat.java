package gw.worker.shard;

/**
 * The heartbeat of one connection.
 *
 * @param intervalNanos as HELLO said
 * @param nextNanos when the next is due
 * @param lastSentNanos when the last went out; of no meaning before the first
 * @param sent whether one went out yet
 * @param acked whether the last was acknowledged
 */
record Heartbeat(
        long intervalNanos, long nextNanos, long lastSentNanos, boolean sent, boolean acked) {
    static Heartbeat first(long intervalNanos, long firstNanos) {
        return new Heartbeat(intervalNanos, firstNanos, 0, false, true);
    }

    Heartbeat beat(long nowNanos) {
        return new Heartbeat(intervalNanos, nowNanos + intervalNanos, nowNanos, true, false);
    }

    Heartbeat ack() {
        return acked ? this : new Heartbeat(intervalNanos, nextNanos, lastSentNanos, sent, true);
    }

    /**
     * Whether nothing at all came since the last beat, a whole interval ago. After a pause of our
     * own process the answer is no: what waits in the kernel's buffers was not read yet.
     *
     * @param lastInboundNanos when anything last came in
     */
    boolean isZombie(long nowNanos, long lastInboundNanos) {
        boolean paused = nowNanos - nextNanos > intervalNanos / 2;
        return sent && !acked && !paused && lastInboundNanos - lastSentNanos <= 0;
    }
}
