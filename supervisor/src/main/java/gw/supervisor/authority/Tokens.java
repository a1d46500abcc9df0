package gw.supervisor.authority;

import gw.proto.v1.AuthorityAsk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens that came from the authority as it runs now, and what became of some while it could
 * not be told. At most so many.
 */
final class Tokens {
    private static final int MOST = 4_096;

    private final Map<Long, Integer> known = new LinkedHashMap<>();
    private final Map<Long, AuthorityAsk> untold = new LinkedHashMap<>();

    void granted(int key, long grantId) {
        known.put(grantId, key);
        if (known.size() > MOST) {
            long oldest = known.keySet().iterator().next();
            known.remove(oldest);
            untold.remove(oldest);
        }
    }

    /** Whether the authority gave this one to this shard. */
    boolean isKnown(int key, long grantId) {
        return Integer.valueOf(key).equals(known.get(grantId));
    }

    void untold(long grantId, AuthorityAsk ask) {
        untold.put(grantId, ask);
    }

    List<AuthorityAsk> takeUntold() {
        List<AuthorityAsk> asks = new ArrayList<>(untold.values());
        untold.clear();
        return asks;
    }

    /** Another process: it has taken those that were out for used. */
    void forgetAll() {
        known.clear();
        untold.clear();
    }
}
