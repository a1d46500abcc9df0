package gw.supervisor.authority;

import gw.supervisor.identify.IdentifyKey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks at the IDENTIFYs of all supervisors, as Discord does. For any thread. */
final class OneDiscord {
    private final int maxConcurrency;
    private final long windowNanos;
    private final Map<Integer, Long> lastNanos = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> identified = new ArrayList<>();

    OneDiscord(int maxConcurrency, Duration window) {
        this.maxConcurrency = maxConcurrency;
        this.windowNanos = window.toNanos();
    }

    /** Also one that comes too early counts, as Discord has it. */
    synchronized void identify(String supervisor, int key) {
        long now = System.nanoTime();
        Long last = lastNanos.put(IdentifyKey.shard(key) % maxConcurrency, now);
        String who = supervisor + IdentifyKey.slot(key) + "/" + IdentifyKey.shard(key);
        if (last != null && now - last < windowNanos) {
            violations.add(who + " " + (now - last) / 1_000 + " us after the one before");
        }
        identified.add(who);
        notifyAll();
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized List<String> identified() {
        return List.copyOf(identified);
    }

    /** Waits until so many have identified. */
    synchronized List<String> awaitIdentified(int count) throws InterruptedException {
        while (identified.size() < count) {
            wait();
        }
        return identified();
    }
}
