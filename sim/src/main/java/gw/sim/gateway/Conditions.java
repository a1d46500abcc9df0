package gw.sim.gateway;

import java.time.Duration;

/** What is wrong with the gateway for a while. Owned by the event loop. */
final class Conditions {
    private boolean anyResumes;
    private boolean anyMaintenance;
    private long noResumesUntilNanos;
    private long maintenanceUntilNanos;
    private int reconnectsBeforeHello;

    void breakResumes(Duration duration, long nowNanos) {
        anyResumes = true;
        noResumesUntilNanos = nowNanos + duration.toNanos();
    }

    boolean breaksResumes(long nowNanos) {
        return anyResumes && nowNanos - noResumesUntilNanos < 0;
    }

    void maintain(Duration duration, long nowNanos) {
        anyMaintenance = true;
        maintenanceUntilNanos = nowNanos + duration.toNanos();
    }

    boolean maintenance(long nowNanos) {
        return anyMaintenance && nowNanos - maintenanceUntilNanos < 0;
    }

    void reconnectBeforeHello(int connections) {
        reconnectsBeforeHello += connections;
    }

    /** Whether the next connection gets op 7 instead of HELLO; counts it. */
    boolean takeReconnectBeforeHello() {
        if (reconnectsBeforeHello == 0) {
            return false;
        }
        reconnectsBeforeHello--;
        return true;
    }
}
