package gw.chaos;

import gw.proto.v1.Status;
import gw.sim.gateway.SimStats;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Looks each second at how it stands, and says so now and then. Runs on a thread of its own. */
final class Watch implements Runnable {
    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final int SAY_EVERY_LOOKS = 5;

    /** So often in a row gw must be seen to be gone: it may just be starting. */
    private static final int GONE_LOOKS = 3;

    /** A worker that was stopped for less does not miss a heartbeat by that. */
    static final Duration SILENCE = Duration.ofSeconds(4);

    private static final long AFTERMATH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Scene scene;
    private final int shards;
    private final Deeds deeds;
    private final Incidents incidents;
    private final Journal journal;
    private final LongSupplier nanos;
    private final CountDownLatch stop;
    private final CountDownLatch over = new CountDownLatch(1);
    private Map<String, Long> violations = Map.of();
    private long missedHeartbeats;
    private final AtomicLong excusedHeartbeats = new AtomicLong();

    /** Calls the run off by {@code stop} when gw goes away by itself. */
    Watch(
            Scene scene,
            int shards,
            Deeds deeds,
            Incidents incidents,
            Journal journal,
            LongSupplier nanos,
            CountDownLatch stop) {
        this.scene = scene;
        this.shards = shards;
        this.deeds = deeds;
        this.incidents = incidents;
        this.journal = journal;
        this.nanos = nanos;
        this.stop = stop;
    }

    /** Missed heartbeats so far for which we had stopped a worker. */
    long excusedHeartbeats() {
        return excusedHeartbeats.get();
    }

    void end() {
        over.countDown();
    }

    @Override
    public void run() {
        try {
            int gone = 0;
            for (int look = 1; !over.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS); look++) {
                gone = scene.gw().wentAway() ? gone + 1 : 0;
                if (gone == GONE_LOOKS) {
                    incidents.broken("P6: gw went away by itself: " + scene.gw().lastExit());
                    stop.countDown();
                }
                SimStats stats = scene.discord().stats();
                excuse(stats);
                if (look % SAY_EVERY_LOOKS == 0) {
                    journal.say(words(stats, scene.control().status()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void excuse(SimStats stats) {
        if (!stats.violations().equals(violations)) {
            violations = stats.violations();
            journal.log("sim: violations so far: " + violations);
        }
        long missed = stats.violations().getOrDefault("heartbeat_missed", 0L);
        if (missed > missedHeartbeats) {
            long now = nanos.getAsLong();
            boolean ours =
                    deeds.all().stream()
                            .anyMatch(deed ->
                                    deed.silencesAWorker(SILENCE)
                                            && deed.touches(now - AFTERMATH_NANOS, now));
            journal.log(
                    "sim: "
                            + (missed - missedHeartbeats)
                            + " heartbeats missed"
                            + (ours ? ", a worker is stopped" : ""));
            if (ours) {
                excusedHeartbeats.addAndGet(missed - missedHeartbeats);
            }
            missedHeartbeats = missed;
        }
    }

    private String words(SimStats stats, Optional<Status> status) {
        String gw =
                status.map(seen ->
                                String.format(
                                        Locale.ROOT,
                                        "ready %d/%d, queue %d",
                                        Control.ready(seen),
                                        shards,
                                        seen.getDelivery().getQueuedEvents()))
                        .orElse("no supervisor answers");
        return String.format(
                Locale.ROOT,
                "sent %d, received %d; gw: %s; sim: identifies %d, resumes %d; done %d",
                stats.sent(),
                scene.bot().count(),
                gw,
                stats.identifies(),
                stats.resumes(),
                deeds.count());
    }
}
