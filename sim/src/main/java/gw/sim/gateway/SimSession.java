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
    private final long number;
    private final @Nullable DelayLine line;
    private boolean acknowledged;
    private boolean abandoned;
    private boolean beside;
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
            long nowNanos,
            long number,
            Skew skew) {
        this.startedNanos = nowNanos;
        this.compressed = compressed;
        this.id = id;
        this.shardId = shardId;
        this.shardCount = shardCount;
        this.ledger = ledger;
        this.buffer = new ReplayBuffer(maxEvents);
        this.number = number;
        this.line = skew.line(this::take, maxEvents);
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

    /** Its place among all sessions in the order in which they identified. */
    long number() {
        return number;
    }

    @Nullable SimConnection connection() {
        return connection;
    }

    /** Whether somebody is at the other end, for all that the sim did to the connection itself. */
    boolean isAttended() {
        return connection != null && !connection.muted() && !connection.closing();
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
        return underWay()
                + (connection != null ? connection.backlog() : buffer.last() - detachedSequence);
    }

    /** How many events wait for the moment at which the session is told of them. */
    int underWay() {
        return line == null ? 0 : line.size();
    }

    /** Whether it is told of things later than they happen. */
    boolean isSkewed() {
        return line != null;
    }

    /** Of what it had not been told yet it never will be. */
    void end() {
        if (line != null) {
            line.drop();
        }
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
        return Shards.owns(shardId, shardCount, guildId);
    }

    /** Whether any guild could be this one's and the other's. */
    boolean overlaps(SimSession other) {
        return Shards.overlap(shardId, shardCount, other.shardId, other.shardCount);
    }

    /** Something that concerns this session alone: it is told at once. */
    void dispatch(SimEvent event) {
        take(event, 0);
    }

    /** Something that happened in a guild of its: it is told at its moment. */
    void happened(SimEvent event, long happening) {
        if (line == null) {
            take(event, happening);
        } else {
            line.add(event, happening);
        }
    }

    /** Takes an event under the next sequence and hands it to the connection, if there is one. */
    private void take(SimEvent event, long happening) {
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
        ledger.sent(
                shardId,
                shardCount,
                id,
                sequence,
                event.name(),
                event.guildId(),
                happening,
                payload);
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

    /** It was not: its client was away, and is back. */
    void reclaim() {
        abandoned = false;
    }

    /** It began while others had its guilds: a next generation. */
    void standBeside() {
        beside = true;
        ledger.beside(id);
    }

    /** Whether it began while others had its guilds. */
    boolean isBeside() {
        return beside;
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
