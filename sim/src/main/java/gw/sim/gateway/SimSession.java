package gw.sim.gateway;

import gw.sim.ledger.Ledger;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * A gateway session: its sequence and what it may have to replay. It goes on collecting while its
 * connection is away. What was written to a socket is kept until the client acknowledges it: a
 * client that keeps events safe acknowledges later than it reads. Owned by the event loop.
 */
final class SimSession {
    private final String id;
    private final int shardId;
    private final int shardCount;
    private final boolean compressed;
    private final Ledger ledger;
    private final ReplayBuffer buffer;
    private final long startedNanos;
    private boolean acknowledged;
    private boolean abandoned;
    private long written;
    private long detachedNanos;
    private long detachedSequence;
    private @Nullable SimConnection connection;

    SimSession(
            String id,
            int shardId,
            int shardCount,
            boolean compressed,
            int maxEvents,
            Ledger ledger,
            long nowNanos) {
        this.startedNanos = nowNanos;
        this.compressed = compressed;
        this.id = id;
        this.shardId = shardId;
        this.shardCount = shardCount;
        this.ledger = ledger;
        this.buffer = new ReplayBuffer(maxEvents);
    }

    String id() {
        return id;
    }

    int shardId() {
        return shardId;
    }

    int shardCount() {
        return shardCount;
    }

    @Nullable SimConnection connection() {
        return connection;
    }

    void attach(SimConnection to) {
        connection = to;
    }

    void detach(long nowNanos) {
        connection = null;
        detachedNanos = nowNanos;
        detachedSequence = buffer.last();
    }

    /** How many events wait for the connection, or came since it went. */
    long backlog() {
        return connection != null ? connection.backlog() : buffer.last() - detachedSequence;
    }

    /** Since when it has no connection. */
    long detachedNanos() {
        return detachedNanos;
    }

    /** Whether its client asked for compressed payloads. */
    boolean compressed() {
        return compressed;
    }

    boolean owns(long guildId) {
        return guildId == 0 ? shardId == 0 : GuildIds.shard(guildId, shardCount) == shardId;
    }

    /** Takes an event under the next sequence and hands it to the connection, if there is one. */
    void dispatch(SimEvent event) {
        long sequence = buffer.last() + 1;
        byte[] head =
                ("{\"t\":\"" + event.name() + "\",\"s\":" + sequence + ",\"op\":0,\"d\":")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] data = event.data();
        byte[] payload = new byte[head.length + data.length + 1];
        System.arraycopy(head, 0, payload, 0, head.length);
        System.arraycopy(data, 0, payload, head.length, data.length);
        payload[payload.length - 1] = '}';
        buffer.add(payload);
        ledger.sent(shardId, shardCount, id, sequence, event.name(), event.guildId(), payload);
        if (connection != null) {
            connection.pump();
        }
    }

    /** The client has everything up to here: it will never ask for it again. */
    void acknowledged(long upTo) {
        acknowledged |= upTo > 0;
        buffer.forget(upTo);
    }

    /** A newer session of its shard was made while it lived. */
    AbandonedSession abandon(long nowNanos) {
        abandoned = true;
        return new AbandonedSession(id, shardId, shardCount, acknowledged, startedNanos, nowNanos);
    }

    /** Whether a newer one was made while it lived: nobody has to identify when it ends. */
    boolean abandoned() {
        return abandoned;
    }

    /** Whether this sequence never went to a socket. */
    boolean fromTheFuture(long sequence) {
        return sequence > written;
    }

    /** Whether everything after this sequence can be replayed. */
    boolean canReplay(long after) {
        return after >= buffer.dropped();
    }

    /** The highest sequence; 0: none. */
    long sequence() {
        return buffer.last();
    }

    /** The payload with this sequence; null: forgotten, or not there yet. */
    byte @Nullable [] payload(long sequence) {
        return buffer.get(sequence);
    }

    /** This sequence goes to a socket now. */
    void writing(long sequence) {
        written = Math.max(written, sequence);
    }
}
