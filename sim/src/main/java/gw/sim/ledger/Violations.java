package gw.sim.ledger;

import java.util.Map;
import java.util.TreeMap;

/** What a client did that Discord would punish, counted by kind. Any thread. */
public final class Violations {
    /** Kinds, as they are shown. */
    public enum Kind {
        IDENTIFY_TOO_FAST,
        IDENTIFY_OVER_LIMIT,
        SEND_RATE,
        PAYLOAD_TOO_LARGE,
        HEARTBEAT_MISSED,
        SEQUENCE_FROM_THE_FUTURE,
        QUERY_PARAMETERS,
        UNDECODABLE,
        UNKNOWN_OPCODE,
        NOT_AUTHENTICATED,
        ALREADY_AUTHENTICATED,
        TOKEN,
        SHARD,
        INTENTS,
        SESSION_ENDED_BY_CLIENT,
        RECONNECT_AFTER_FATAL_CLOSE,
        REST_TOO_FAST
    }

    private final Map<Kind, Long> counts = new TreeMap<>();

    /** One more. */
    public synchronized void add(Kind kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    /** By lower-case kind; kinds that never happened are left out. */
    public synchronized Map<String, Long> counts() {
        Map<String, Long> byName = new TreeMap<>();
        counts.forEach(
                (kind, count) -> byName.put(kind.name().toLowerCase(java.util.Locale.ROOT), count));
        return byName;
    }
}
