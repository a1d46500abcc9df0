package gw.sim.gateway;

import gw.sim.ledger.Violations;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Remembers who was refused for good: coming back at once is a loop. Owned by the event loop. */
final class FatalCloses {
    private static final long MEMORY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Map<Bearer, Long> closedNanos = new HashMap<>();
    private final Violations violations;

    FatalCloses(Violations violations) {
        this.violations = violations;
    }

    static boolean fatal(int code) {
        return code == 4004 || (code >= 4010 && code <= 4014);
    }

    /** Whether Discord lets go of the session with this code. */
    static boolean endsSession(int code) {
        return code == 4007 || code == 4009 || fatal(code);
    }

    void remember(Bearer who, long nowNanos) {
        closedNanos.values().removeIf(at -> nowNanos - at > MEMORY_NANOS);
        closedNanos.put(who, nowNanos);
    }

    void check(Bearer who, long nowNanos) {
        Long at = closedNanos.remove(who);
        if (at != null && nowNanos - at <= MEMORY_NANOS) {
            violations.add(Violations.Kind.RECONNECT_AFTER_FATAL_CLOSE);
        }
    }
}
