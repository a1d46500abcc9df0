package gw.supervisor.fleet;

import java.util.concurrent.CompletableFuture;

/** Hears of the workers' lives. All calls are on the control thread. */
public interface FleetListener {
    /**
     * A process has ended, and what it said last may not have been read yet.
     *
     * @return done when all of it was heard
     */
    CompletableFuture<Void> ended(int cluster);

    /** A process is gone, or is as good as gone; its shards have no worker now. */
    void lost(int cluster, String reason);
}
