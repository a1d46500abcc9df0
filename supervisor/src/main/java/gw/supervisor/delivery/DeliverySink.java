package gw.supervisor.delivery;

import gw.supervisor.log.LogEntry;

/** Where events go. All calls are on the data event loop. */
public interface DeliverySink {
    /** Hears the outcome of one try. */
    interface Outcome {
        /** Called exactly once a try, on the event loop, never within {@link #send}. */
        void result(DeliveryResult result);
    }

    /**
     * Tries to deliver.
     *
     * @param attempt 1 for the first try
     */
    void send(LogEntry entry, int attempt, Outcome outcome);

    /** Breaks off what is under way and frees all. */
    void close();

    /** Where it delivers to, safe to be shown. */
    String target();
}
