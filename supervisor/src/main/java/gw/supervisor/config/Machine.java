package gw.supervisor.config;

/**
 * What the defaults depend on.
 *
 * @param cores as many workers run side by side
 * @param heapBytes this JVM's largest heap, where the queue lives
 */
public record Machine(int cores, long heapBytes) {
    /** This one. */
    public static Machine here() {
        Runtime runtime = Runtime.getRuntime();
        return new Machine(runtime.availableProcessors(), runtime.maxMemory());
    }
}
