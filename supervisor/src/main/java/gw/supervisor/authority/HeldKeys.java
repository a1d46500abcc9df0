package gw.supervisor.authority;

import gw.proto.v1.AuthorityAsk;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** What this supervisor's shards want of the authority, to be told anew when the stream broke. */
final class HeldKeys {
    private final Map<Integer, Held> all = new LinkedHashMap<>();

    /** One shard. */
    static final class Held {
        /** Whether it waits for a token. */
        boolean queued;

        boolean replacesLostSession;
        boolean ready;

        /** The token that it has; 0: none. */
        long grantId;

        /** Whether it has identified, and what became of that is open. */
        boolean awaitsAnswer;
    }

    @Nullable Held find(int key) {
        return all.get(key);
    }

    /** Queues it: behind the others unless it is queued already. */
    Held queue(int key) {
        Held held = all.get(key);
        if (held == null || !held.queued) {
            held = held == null ? new Held() : held;
            var _ = all.remove(key);
            all.put(key, held);
            held.queued = true;
        }
        return held;
    }

    /** How many wait for a token. */
    int queued() {
        return (int) all.values().stream().filter(held -> held.queued).count();
    }

    /** Its worker is gone, and what it had. It is known still, for it may have a former place. */
    void lost(int key) {
        all.replace(key, new Held());
    }

    void remove(int key) {
        all.remove(key);
    }

    List<Integer> matching(IntPredicate keys) {
        return all.keySet().stream().filter(keys::test).toList();
    }

    /** None of the tokens is known to the authority any more. */
    void forgetTokens() {
        all.values()
                .forEach(held -> {
                    held.grantId = 0;
                    held.awaitsAnswer = false;
                });
    }

    /** What has to be asked anew, first come first. */
    List<AuthorityAsk> asks() {
        List<AuthorityAsk> asks = new ArrayList<>();
        all.forEach((key, held) -> {
            if (held.queued) {
                asks.add(Asks.wanted(key, held.replacesLostSession));
                if (held.ready) {
                    asks.add(Asks.ready(key));
                }
            }
        });
        return asks;
    }
}
