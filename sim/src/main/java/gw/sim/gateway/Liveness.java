package gw.sim.gateway;

import gw.sim.ledger.Violations;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import java.util.concurrent.TimeUnit;

/** Ends what has been silent for too long: connections and sessions. Owned by the event loop. */
final class Liveness {
    private static final long SWEEP_MILLIS = 200;

    private final Gateway gateway;
    private final Violations violations;
    private final long heartbeatPatienceNanos;
    private final long identifyWithinNanos;
    private final long sessionLifetimeNanos;
    private final ScheduledFuture<?> sweeps;
    private long sweptNanos;

    Liveness(EventLoop loop, Gateway gateway, SimSettings settings, Violations violations) {
        this.gateway = gateway;
        this.violations = violations;
        GatewayTimings timings = gateway.timings();
        this.heartbeatPatienceNanos =
                settings.heartbeatInterval().toNanos() * 5 / 4 + timings.heartbeatSlack().toNanos();
        this.identifyWithinNanos = timings.identifyWithin().toNanos();
        this.sessionLifetimeNanos = timings.sessionLifetime().toNanos();
        this.sweptNanos = gateway.nowNanos();
        this.sweeps =
                loop.scheduleWithFixedDelay(
                        this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    void stop() {
        var _ = sweeps.cancel(false);
    }

    private void sweep() {
        long now = gateway.nowNanos();
        long lateNanos = now - sweptNanos - 2 * TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS);
        sweptNanos = now;
        for (SimConnection connection : gateway.connections()) {
            if (lateNanos > 0) {
                connection.forgive(lateNanos);
            }
            judge(connection, now);
        }
        for (SimSession session : gateway.sessions().all()) {
            if (session.connection() == null
                    && now - session.detachedNanos() > sessionLifetimeNanos) {
                gateway.end(session);
            }
        }
    }

    private void judge(SimConnection connection, long now) {
        if (connection.closing() || connection.muted()) {
            return;
        }
        if (connection.greeted() && now - connection.heartbeatNanos() > heartbeatPatienceNanos) {
            violations.add(Violations.Kind.HEARTBEAT_MISSED);
            gateway.close(connection, 4009, "Session timed out.");
        } else if (connection.session() == null
                && now - connection.openedNanos() > identifyWithinNanos) {
            gateway.close(connection, 4009, "Session timed out.");
        }
    }
}
