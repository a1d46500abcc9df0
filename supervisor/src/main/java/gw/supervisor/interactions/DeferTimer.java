package gw.supervisor.interactions;

/** Runs something later on the data event loop. */
@FunctionalInterface
public interface DeferTimer {
    /** Once, after so long; 0: as soon as the loop has time, never within this call. */
    void schedule(Runnable task, long delayNanos);
}
