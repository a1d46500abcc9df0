package gw.supervisor.delivery;

import gw.record.RecordView;
import gw.supervisor.log.LogEntry;

/**
 * Whoever answers interactions in the bot's place: hears how the delivery goes, and tells what was
 * answered. All calls are on the data event loop.
 */
public interface Deferrals {
    /** Nobody does. */
    Deferrals NONE =
            new Deferrals() {
                @Override
                public int callbackType(RecordView record) {
                    return 0;
                }

                @Override
                public boolean keeps(LogEntry entry) {
                    return false;
                }

                @Override
                public void settled(LogEntry entry) {}

                @Override
                public void botAway(boolean away) {}
            };

    /** With which callback type this event was answered in the bot's place; 0: it was not. */
    int callbackType(RecordView record);

    /** Whether {@link #settled} is to be told of this event, with its bytes still there. */
    boolean keeps(LogEntry entry);

    /** The bot took this event, which is one of those that matter, or it was given up. */
    void settled(LogEntry entry);

    /** Whether nothing gets through to the bot. */
    void botAway(boolean away);
}
