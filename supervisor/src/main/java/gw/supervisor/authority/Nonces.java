package gw.supervisor.authority;

import java.util.HashMap;
import java.util.Map;

/** Which proofs were used while they could be used again. At most so many (P7). For any thread. */
final class Nonces {
    static final int MOST = 10_000;

    /** What to do with a proof. */
    enum Verdict {
        FRESH,
        USED,
        FULL
    }

    private final Map<String, Long> millisOf = new HashMap<>();

    /**
     * Remembers a nonce.
     *
     * @param millis the moment that its proof names
     */
    synchronized Verdict take(String nonce, long millis, long nowMillis) {
        if (millisOf.containsKey(nonce)) {
            return Verdict.USED;
        }
        if (millisOf.size() >= MOST) {
            millisOf.values().removeIf(past -> nowMillis - past > JoinGuard.CLOCKS_MILLIS);
        }
        if (millisOf.size() >= MOST) {
            return Verdict.FULL;
        }
        millisOf.put(nonce, millis);
        return Verdict.FRESH;
    }
}
