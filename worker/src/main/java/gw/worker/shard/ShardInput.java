package gw.worker.shard;

import gw.model.Session;
import gw.worker.socket.SocketClose;

import java.util.Optional;

/** What happens to a shard. Inputs of a connection are those of the current one alone. */
public sealed interface ShardInput {
    /** Begin, with the session to be resumed if there is one. */
    record Start(Optional<Session> session) implements ShardInput {}

    /**
     * Close and stay down.
     *
     * @param endSession whether Discord is to end the session at once; else it stays resumable
     */
    record Stop(boolean endSession) implements ShardInput {}

    /** Close and come back; with {@code fresh} by a new session. */
    record Restart(boolean fresh) implements ShardInput {}

    /** The supervisor came back and may have forgotten the queue. */
    record Reattached() implements ShardInput {}

    /** Its turn in the identify queue is near. */
    record Turn() implements ShardInput {}

    /** Permission for one IDENTIFY. */
    record Granted(long grantId) implements ShardInput {}

    /** The WebSocket is open. */
    record Opened() implements ShardInput {}

    /** Op 10. */
    record Hello(long intervalNanos) implements ShardInput {}

    /** Op 11. */
    record HeartbeatAck() implements ShardInput {}

    /** Op 1: Discord wants a heartbeat now. */
    record HeartbeatRequest() implements ShardInput {}

    /** Op 7. */
    record ReconnectRequest() implements ShardInput {}

    /** Op 9. */
    record InvalidSession(boolean resumable) implements ShardInput {}

    /** The dispatch READY. */
    record ReadyReceived(Session session) implements ShardInput {}

    /** The dispatch RESUMED. */
    record ResumedReceived() implements ShardInput {}

    /** What came can't be understood. */
    record Malformed(String what) implements ShardInput {}

    /**
     * IDENTIFY can't be sent as it is configured, and never will; nothing of it went out.
     *
     * @param why in words for people
     */
    record Unsendable(String why) implements ShardInput {}

    /** The connection is over, or never came to be. */
    record Closed(SocketClose close) implements ShardInput {}

    /**
     * The state's deadline has come.
     *
     * @param lastInboundNanos when the current connection last brought anything
     */
    record Tick(long lastInboundNanos) implements ShardInput {}
}
