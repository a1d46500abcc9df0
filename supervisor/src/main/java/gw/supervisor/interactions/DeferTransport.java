package gw.supervisor.interactions;

/** Takes callbacks to Discord. All calls are on the data event loop. */
public interface DeferTransport {
    /** Hears what became of one callback. */
    interface Outcome {
        /** Called exactly once, on the event loop, never within {@link #post}. */
        void answered(CallbackAnswer answer);
    }

    /**
     * Sends one callback. It is the caller who bounds how many are under way; how long one takes is
     * bounded here.
     */
    void post(InteractionFacts interaction, String json, Outcome outcome);

    /** Breaks off what is under way; nothing is heard of it any more. */
    void close();
}
