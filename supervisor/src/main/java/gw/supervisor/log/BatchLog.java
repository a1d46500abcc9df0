package gw.supervisor.log;

import java.util.function.LongConsumer;

/** Takes what workers send, batch by batch. Owned by one thread. */
public interface BatchLog {
    /**
     * Appends a batch of records in {@code gw.record.RecordFormat}.
     *
     * @param array holds them from {@code from} to {@code to}; the caller may write over it
     *     afterwards
     */
    AppendResult append(byte[] array, int from, int to);

    /**
     * Gives this number to this task once all that was appended until now is as safe as the user
     * wants it; the task is the same one for each batch of a worker.
     */
    void whenSafe(LongConsumer task, long number);

    /**
     * Runs this once when there may be room again, after an append that found none; it takes the
     * place of what waited before.
     */
    void whenRoom(Runnable task);
}
