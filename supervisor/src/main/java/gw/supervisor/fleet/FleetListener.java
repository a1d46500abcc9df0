package gw.supervisor.fleet;

/** Hears of the workers' lives. All calls are on the control thread. */
public interface FleetListener {
    /** A process was started. */
    void launched(int cluster, long pid);

    /** A process is gone, or is as good as gone; its shards have no worker now. */
    void lost(int cluster, String reason);
}
