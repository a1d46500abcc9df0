package gw.worker.shard;

import gw.model.Session;
import gw.record.RecordKind;
import gw.worker.socket.SocketListener;

import java.util.Optional;

/** What a shard needs of the worker around it. All calls are on the event loop. */
public interface ShardHost {
    /** An open or opening connection. */
    interface Connection {
        void send(byte[] json, Runnable written);

        void close(int code, String reason);

        void reading(boolean enabled);
    }

    /** A timer that is set. */
    interface Timer {
        void cancel();
    }

    /** Opens a connection; the outcome comes to the listener, never within this call. */
    Connection connect(String url, SocketListener listener);

    /** Runs a task on the event loop after a delay. */
    Timer schedule(Runnable task, long delayNanos);

    /**
     * Takes a record into the batch that is being gathered. Arrays are read during the call alone.
     */
    void append(
            ShardRunner shard,
            RecordKind kind,
            long sequence,
            long guildId,
            byte[] session,
            byte[] name,
            int nameOffset,
            int nameLength,
            byte[] payload,
            int payloadOffset,
            int payloadLength);

    /** The burst of reading is over: what was gathered is to go, now or in a moment. */
    void readComplete();

    /** The shard's state or session changed. */
    void changed(ShardRunner shard, Report report);

    void identifyWanted(int shardId);

    void identifyReady(int shardId);

    void identifySent(int shardId, long grantId);

    void identifyReleased(int shardId, long grantId);

    /** Something that came was not understood. */
    void malformed(int shardId, String what);

    /**
     * A change, for the supervisor.
     *
     * @param state the new state
     * @param reason in words
     * @param closeCode 0: none
     * @param session the one held
     * @param lostSession the id of one that ended; said again until records of the next are durable
     * @param guilds READY's count
     * @param guildsUnavailable of those, how many have not come
     */
    record Report(
            ShardState state,
            String reason,
            int closeCode,
            Optional<Session> session,
            Optional<String> lostSession,
            int guilds,
            int guildsUnavailable,
            long userId,
            String userName) {}
}
