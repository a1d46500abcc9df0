package gw.chaos;

import gw.sim.gateway.AbandonedSession;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Which sessions may have been lost without a promise being broken (P4). Pure. */
final class Judge {
    /** How long after a disturbance READY may still be lost by it: the rest of a dying socket. */
    private static final long AFTERMATH_NANOS = Duration.ofSeconds(5).toNanos();

    private Judge() {}

    /**
     * Those whose loss is nobody's fault: IDENTIFY was answered and the READY lost on its way, for
     * a process was killed or stopped, or the sim broke the connection, in just that moment.
     *
     * <p>The rule is strict. If the client ever said that it knew the session (by RESUME or by a
     * heartbeat with a sequence), then gw had it safe. If one of its events came to the bot, then
     * gw had READY in its log, for that is the session's first event. And if nothing was done to gw
     * while the session lived, then nothing can have been lost on its way. In all these cases the
     * next IDENTIFY of the shard was wasted.
     *
     * @param seenByBot the sessions of which the bot has received anything
     */
    static List<AbandonedSession> excused(
            List<AbandonedSession> abandoned, Set<String> seenByBot, List<Deed> deeds) {
        return abandoned.stream()
                .filter(session ->
                        !session.acknowledged()
                                && !seenByBot.contains(session.sessionId())
                                && deeds.stream()
                                        .anyMatch(deed ->
                                                breaksConnections(deed.action())
                                                        && deed.touches(
                                                                session.startedNanos()
                                                                        - AFTERMATH_NANOS,
                                                                session.replacedNanos())))
                .toList();
    }

    private static boolean breaksConnections(Action action) {
        return switch (action.kind()) {
            case WORKER_KILL,
                    WORKER_STOP,
                    SUPERVISOR_KILL,
                    SUPERVISOR_STOP,
                    SUPERVISOR_TERM,
                    KILL_ALL,
                    UPGRADE,
                    SHARD_FAULTS,
                    OUTAGES ->
                    true;
            case BOT_DOWN, BOT_TROUBLE, DISK_FULL -> false;
        };
    }
}
