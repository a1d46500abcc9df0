package gw.worker.shard;

import gw.model.Session;

/** What the shell is to do, in order. */
public sealed interface ShardAction {
    /** Open a connection; it becomes the current one. */
    record Connect(String url) implements ShardAction {}

    /** Close the current connection; nothing of it is heard any more. */
    record Disconnect(int code, String reason) implements ShardAction {}

    /** Op 1 with the durable sequence. */
    record SendHeartbeat() implements ShardAction {}

    /** Op 2. */
    record SendIdentify(long grantId) implements ShardAction {}

    /** Op 6 with the durable sequence. */
    record SendResume(Session session) implements ShardAction {}

    /** Ask for a place in the identify queue. */
    record WantIdentify() implements ShardAction {}

    /** Say that IDENTIFY could go out at once. */
    record ReadyToIdentify() implements ShardAction {}

    /**
     * Give back what was not used.
     *
     * @param grantId 0 for the place in the queue
     */
    record ReleaseIdentify(long grantId) implements ShardAction {}

    /** The session is over: what it had not sent is lost. */
    record LoseSession(Session session) implements ShardAction {}
}
