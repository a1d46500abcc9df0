package gw.sim.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

import org.jspecify.annotations.Nullable;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** One WebSocket of a client, and how far it has its session's events. Owned by the event loop. */
final class SimConnection {
    private final Gateway gateway;
    private final Channel channel;
    private final FrameWriter out;
    private final boolean viaResumeHost;
    private final SlidingWindow sends = new SlidingWindow(120, TimeUnit.SECONDS.toNanos(60));
    private final long openedNanos;
    private long heartbeatNanos;
    private boolean greeted;
    private boolean muted;
    private boolean deaf;
    private boolean closing;
    private boolean dirty;
    private @Nullable SimSession session;
    private @Nullable Bearer bearer;
    private long cursor;
    private long sequenceAtMute;

    SimConnection(
            Gateway gateway,
            Channel channel,
            OutboundCompressor.Kind kind,
            boolean viaResumeHost,
            long nowNanos) {
        this.gateway = gateway;
        this.channel = channel;
        this.viaResumeHost = viaResumeHost;
        this.openedNanos = nowNanos;
        this.heartbeatNanos = nowNanos;
        this.out = new FrameWriter(channel, kind, gateway.noise(), this::pump);
    }

    @Nullable SimSession session() {
        return session;
    }

    /** Who it said it was; null: it didn't yet. */
    @Nullable Bearer bearer() {
        return bearer;
    }

    void bearer(Bearer who) {
        bearer = who;
    }

    /** Whether its session is of this shard, or of any when none is named. */
    boolean isOf(OptionalInt shardId) {
        SimSession of = session;
        return of != null && (shardId.isEmpty() || of.shardId() == shardId.getAsInt());
    }

    FrameWriter out() {
        return out;
    }

    boolean viaResumeHost() {
        return viaResumeHost;
    }

    boolean closing() {
        return closing;
    }

    boolean muted() {
        return muted;
    }

    boolean deaf() {
        return deaf;
    }

    long openedNanos() {
        return openedNanos;
    }

    boolean greeted() {
        return greeted;
    }

    long heartbeatNanos() {
        return heartbeatNanos;
    }

    void heartbeat(long nowNanos) {
        heartbeatNanos = nowNanos;
    }

    /** The sim itself was late by this long: the client must not pay for it. */
    void forgive(long nanos) {
        heartbeatNanos += nanos;
    }

    boolean maySend(long nowNanos) {
        return sends.take(nowNanos);
    }

    /** HELLO. */
    void greet(long heartbeatMillis) {
        greeted = true;
        send(ServerPayloads.hello(heartbeatMillis));
    }

    /** Says something that is no dispatch, ahead of waiting dispatches. */
    void send(byte[] payload) {
        if (!muted && !closing) {
            out.payload(payload);
            markDirty();
        }
    }

    /** From now on the session's events after this sequence go out here. */
    void attach(SimSession to, long after) {
        session = to;
        cursor = after;
        to.attach(this);
    }

    /** The session goes on without this connection. */
    @Nullable SimSession detach() {
        SimSession left = session;
        if (left != null) {
            left.detach(gateway.nowNanos());
            session = null;
        }
        return left;
    }

    /** Writes what waits, as far as the socket takes it. */
    void pump() {
        SimSession from = session;
        if (from == null || muted || closing || cursor >= from.sequence()) {
            return;
        }
        while (cursor < from.sequence()) {
            byte[] payload = from.payload(cursor + 1);
            if (payload == null) {
                gateway.overrun(this);
                return;
            }
            if (!out.hasRoom()) {
                // This may make room, and so call here anew before it returns: nothing is known
                // now.
                out.flush();
                if (!out.hasRoom() || session != from) {
                    break;
                }
                continue;
            }
            cursor++;
            from.writing(cursor);
            out.payload(payload);
        }
        markDirty();
    }

    /** How many events of the session can't be written now. */
    long backlog() {
        SimSession of = session;
        return of == null ? 0 : of.sequence() - (muted ? sequenceAtMute : cursor);
    }

    void flush() {
        dirty = false;
        out.flush();
    }

    void markDirty() {
        if (!dirty) {
            dirty = true;
            gateway.flushSoon(this);
        }
    }

    /** Nothing is written any more. */
    void mute() {
        muted = true;
        sequenceAtMute = session == null ? 0 : session.sequence();
    }

    /** Nothing is read any more either. */
    void deafen() {
        mute();
        deaf = true;
        channel.config().setAutoRead(false);
    }

    /**
     * Says goodbye with a code; the client has a while to answer. The session, if any, must have
     * been dealt with.
     */
    void close(int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        out.close(code, reason);
        var _ =
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    var _ = channel.close();
                                },
                                gateway.timings().closeWithin().toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    /** Ends the TCP connection without a word. */
    void hangUp() {
        closing = true;
        out.flush();
        var _ = channel.close();
    }

    /** TCP reset. */
    void reset() {
        closing = true;
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        var _ = channel.close();
    }

    void answerClose(int code) {
        if (!closing) {
            closing = true;
            out.close(code < 0 ? 1000 : code, "");
        }
        var _ = channel.close();
    }

    void ended() {
        closing = true;
        out.end();
    }
}
