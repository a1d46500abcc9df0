package gw.supervisor;

import gw.record.RecordView;
import gw.supervisor.log.LogWatcher;

/**
 * Shows what comes into the log to all who have to see it. Owned by the data event loop, but for
 * its making.
 */
final class LogWatchers implements LogWatcher {
    private final LogWatcher interactions;
    private final GuildCounts guilds;
    private final int generation;
    private LogWatcher reshard = LogWatcher.NONE;

    /** {@code generation}: the one whose events an earlier process has left. */
    LogWatchers(LogWatcher interactions, GuildCounts guilds, int generation) {
        this.interactions = interactions;
        this.guilds = guilds;
        this.generation = generation;
    }

    /** The one that decides what of it the bot has had already; before anything comes. */
    void decides(LogWatcher watcher) {
        reshard = watcher;
    }

    @Override
    public void taken(RecordView record) {
        reshard.taken(record);
        interactions.taken(record);
    }

    @Override
    public boolean arrives(RecordView record) {
        return reshard.arrives(record);
    }

    @Override
    public void found(RecordView record) {
        // What was counted already is known by its sequence.
        var _ = guilds.arrives(generation, record);
    }

    @Override
    public void writing() {
        reshard.writing();
    }

    @Override
    public void kept() {
        reshard.kept();
    }

    @Override
    public void takenBack() {
        reshard.takenBack();
    }
}
