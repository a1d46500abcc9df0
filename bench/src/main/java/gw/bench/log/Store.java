package gw.bench.log;

import gw.record.RecordView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * A queue of events that outlives its process. Owned by one thread.
 *
 * @param <E> an event in the consumer's hands
 */
interface Store<E> extends AutoCloseable {
    /**
     * Takes a batch of records. When it returns, a killed process loses nothing of it; with {@link
     * Fsync#ALWAYS} nor does a power cut.
     */
    void append(byte[] records) throws IOException;

    /** The next event that was not read and is not settled; null: there is none. */
    @Nullable E next() throws IOException;

    /** Moves a view onto the event. */
    void view(E event, RecordView view);

    /** The event is never to come again. */
    void settle(E event) throws IOException;

    /** When it returns, a killed process forgets nothing of what was settled. */
    void endTurn() throws IOException;

    /** Does what time asks for; called once a second. */
    void tick() throws IOException;

    /** Events that are not settled. */
    long events();

    @Override
    void close() throws IOException;

    /** When the disk is waited for. */
    enum Fsync {
        NEVER,
        INTERVAL,
        ALWAYS
    }
}
