package gw.worker.shard;

import gw.worker.socket.SocketClose;
import gw.worker.socket.SocketListener;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One connection of a shard. It tells its owner who is speaking, so that the owner can ignore one
 * that isn't the current one any more. Owned by the worker's event loop.
 */
final class ShardConnection implements SocketListener {
    /** Who uses the connection. */
    interface Owner {
        void opened(ShardConnection of);

        /** The bytes are the owner's during the call alone. */
        void payload(ShardConnection of, byte[] bytes, int offset, int length);

        void closed(ShardConnection of, SocketClose close);
    }

    /** Discord's heartbeat interval, until HELLO tells it. */
    private static final long USUAL_HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(41);

    private final Owner owner;
    private final ShardHost host;
    private final LongSupplier nanos;
    private final CommandLimiter limiter = new CommandLimiter(USUAL_HEARTBEAT_NANOS);
    private ShardHost.@Nullable Connection connection;
    private long lastInboundNanos;
    private boolean reads = true;

    ShardConnection(Owner owner, ShardHost host, LongSupplier nanos) {
        this.owner = owner;
        this.host = host;
        this.nanos = nanos;
        this.lastInboundNanos = nanos.getAsLong();
    }

    void open(String url) {
        connection = host.connect(url, this);
    }

    /** HELLO told the interval: so much of what may be sent is the heartbeats'. */
    void heartbeatEvery(long intervalNanos) {
        limiter.heartbeatEvery(intervalNanos);
    }

    /**
     * Sends, if Discord's limits allow it now (P5).
     *
     * @param written runs when it was handed to the system
     */
    boolean send(byte[] json, boolean heartbeat, Runnable written) {
        long now = nanos.getAsLong();
        if (!(heartbeat ? limiter.tryHeartbeat(now) : limiter.tryCommand(now))) {
            return false;
        }
        connection().send(json, written);
        return true;
    }

    void close(int code, String reason) {
        connection().close(code, reason);
    }

    void reading(boolean enabled) {
        if (enabled != reads) {
            reads = enabled;
            lastInboundNanos = nanos.getAsLong();
            connection().reading(enabled);
        }
    }

    /** When something came last. While we don't read, silence is our own doing. */
    long lastInboundNanos() {
        return reads ? lastInboundNanos : nanos.getAsLong();
    }

    private ShardHost.Connection connection() {
        if (connection == null) {
            throw new IllegalStateException("the connection was not opened");
        }
        return connection;
    }

    @Override
    public void opened() {
        lastInboundNanos = nanos.getAsLong();
        owner.opened(this);
    }

    @Override
    public void inbound() {
        lastInboundNanos = nanos.getAsLong();
    }

    @Override
    public void payload(byte[] bytes, int offset, int length) {
        owner.payload(this, bytes, offset, length);
    }

    @Override
    public void readComplete() {
        host.readComplete();
    }

    @Override
    public void closed(SocketClose close) {
        owner.closed(this, close);
    }
}
