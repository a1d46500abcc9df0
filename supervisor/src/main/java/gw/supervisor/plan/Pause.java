package gw.supervisor.plan;

import java.time.Duration;

/** Lets time pass between two tries. */
@FunctionalInterface
public interface Pause {
    /** Blocks the calling thread for this long. */
    void sleep(Duration duration) throws InterruptedException;
}
