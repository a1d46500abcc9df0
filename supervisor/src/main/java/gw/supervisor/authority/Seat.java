package gw.supervisor.authority;

import gw.proto.v1.AuthorityAsk;
import gw.supervisor.identify.IdentifyKey;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What another supervisor has at the limiter: sixteen slots, and what it may say about them. It
 * stays when the stream breaks, for the same supervisor may join again.
 */
final class Seat {
    /** Slots of one supervisor. */
    static final int SLOTS = 16;

    /** Shards that one may have in its queues. */
    static final int MOST_KEYS = 65_536;

    /** Keys in one ask. */
    static final int MOST_LISTED = 4_096;

    private static final int MOST_GRANTS = 4_096;

    private final int firstSlot;
    private final Set<Integer> keys = new HashSet<>();
    private final Map<Long, Integer> grants = new LinkedHashMap<>();
    private String client = "";
    private @Nullable Caller caller;
    private long leftNanos;

    Seat(int firstSlot) {
        this.firstSlot = firstSlot;
    }

    /** Whose it is; empty: nobody had it yet. */
    String client() {
        return client;
    }

    /** The stream of who sits here; null: it is away. */
    @Nullable Caller caller() {
        return caller;
    }

    void takenBy(String by, Caller through) {
        if (!by.equals(client)) {
            client = by;
            keys.clear();
            grants.clear();
        }
        caller = through;
    }

    void left(long nowNanos) {
        caller = null;
        leftNanos = nowNanos;
    }

    long awayNanos(long nowNanos) {
        return nowNanos - leftNanos;
    }

    boolean owns(int limiterKey) {
        int slot = IdentifyKey.slot(limiterKey) - firstSlot;
        return slot >= 0 && slot < SLOTS;
    }

    int limiterSlot(int slot) {
        return firstSlot + slot;
    }

    int limiterKey(int key) {
        return IdentifyKey.of(firstSlot + IdentifyKey.slot(key), IdentifyKey.shard(key));
    }

    int ownKey(int limiterKey) {
        return IdentifyKey.of(
                IdentifyKey.slot(limiterKey) - firstSlot, IdentifyKey.shard(limiterKey));
    }

    /** Its keys that may have a place. */
    Set<Integer> keys() {
        return keys;
    }

    void queued(int key) {
        keys.add(key);
    }

    void identified(int key) {
        keys.remove(key);
    }

    void forget(List<Integer> forgotten) {
        forgotten.forEach(keys::remove);
    }

    void granted(int key, long grantId) {
        grants.put(grantId, key);
        if (grants.size() > MOST_GRANTS) {
            grants.remove(grants.keySet().iterator().next());
        }
    }

    /** What no supervisor asks, in words; null: there is nothing wrong. */
    @Nullable String complaint(AuthorityAsk ask) {
        return switch (ask.getAskCase()) {
            case JOIN -> "it has joined already";
            case BEAT, TRY_ONE_FIRST -> null;
            case WANTED -> queueing(ask.getWanted().getKey());
            case READY -> queueing(ask.getReady().getKey());
            case SENT -> token(ask.getSent().getKey(), ask.getSent().getGrantId());
            case RELEASED ->
                    ask.getReleased().getGrantId() == 0
                            ? key(ask.getReleased().getKey())
                            : token(ask.getReleased().getKey(), ask.getReleased().getGrantId());
            case ANSWERED -> key(ask.getAnswered().getKey());
            case WORKER_LOST -> list(ask.getWorkerLost().getKeysList());
            case FORGET -> list(ask.getForget().getKeysList());
            case BACKGROUND -> {
                int slot = ask.getBackground().getSlot();
                yield slot < 0 || slot >= SLOTS
                        ? "slot: " + Integer.toUnsignedString(slot) + " (expected: 0..15)"
                        : null;
            }
            case ASK_NOT_SET -> "an ask of a kind that this version of gw doesn't know";
        };
    }

    private @Nullable String queueing(int key) {
        if (keys.size() >= MOST_KEYS && !keys.contains(key)) {
            return "more than " + MOST_KEYS + " shards are queued";
        }
        return key(key);
    }

    private @Nullable String token(int key, long grantId) {
        Integer of = grants.get(grantId);
        return of == null || of != key
                ? "grant_id: "
                        + Long.toUnsignedString(grantId)
                        + " was not given to key "
                        + Integer.toUnsignedString(key)
                : key(key);
    }

    private static @Nullable String list(List<Integer> listed) {
        if (listed.size() > MOST_LISTED) {
            return listed.size() + " keys in one ask (at most " + MOST_LISTED + ")";
        }
        for (int key : listed) {
            String complaint = key(key);
            if (complaint != null) {
                return complaint;
            }
        }
        return null;
    }

    private static @Nullable String key(int key) {
        return key < 0 || IdentifyKey.slot(key) >= SLOTS
                ? "key: "
                        + Integer.toUnsignedString(key)
                        + " (expected: slot << 20 | shard id, slot 0..15)"
                : null;
    }
}
