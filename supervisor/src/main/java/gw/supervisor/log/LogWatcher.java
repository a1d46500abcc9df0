package gw.supervisor.log;

import gw.record.RecordView;

/**
 * Is shown what the log takes. Owned by the thread that owns the log; the views mean nothing after
 * a call.
 */
@FunctionalInterface
public interface LogWatcher {
    /** Sees nothing. */
    LogWatcher NONE = _ -> {};

    /** The record is in the log. */
    void taken(RecordView record);

    /**
     * A record that the log doesn't know has come.
     *
     * @return false: the bot has had it already, by another session; only its sequence is kept
     */
    default boolean arrives(RecordView record) {
        return true;
    }

    /**
     * The record was left by an earlier process, in the newest part of the log; before anything
     * else.
     */
    default void found(RecordView record) {}

    /** What has arrived is about to be written. */
    default void writing() {}

    /** What has arrived is known from now on: nothing of it is taken back. */
    default void kept() {}

    /** What has arrived since the batch began finds no room: it comes again. */
    default void takenBack() {}
}
