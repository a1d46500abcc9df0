package gw.chaos;

import gw.proto.v1.Status;
import gw.sim.bot.Received;
import gw.sim.bot.ReceivedEvent;
import gw.sim.check.Balance;
import gw.sim.check.LedgerCheck;
import gw.sim.gateway.AbandonedSession;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** After the trouble: waits until all that was owed has come, and counts it. */
final class Drain {
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** A connection that died in silence is found within two heartbeats; then nothing comes. */
    private static final long HOPELESS_NANOS = TimeUnit.SECONDS.toNanos(90);

    /** A check copies all events: not oftener than this while nothing changes. */
    private static final long CHECK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /**
     * What was found.
     *
     * @param quiet whether gw became ready and empty
     * @param took from the begin of the drain
     */
    record Found(
            boolean quiet,
            Balance balance,
            Received received,
            List<AbandonedSession> abandoned,
            List<AbandonedSession> excused,
            Duration took) {}

    private final Scene scene;
    private final Settings settings;
    private final Deeds deeds;

    Drain(Scene scene, Settings settings, Deeds deeds) {
        this.scene = scene;
        this.settings = settings;
        this.deeds = deeds;
    }

    /** Returns as soon as all is well, or when there is no more hope. */
    Found await() {
        long began = System.nanoTime();
        long changed = began;
        long checked = began - CHECK_EVERY_NANOS;
        long requests = -1;
        boolean quiet;
        do {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            long now = System.nanoTime();
            long seen = scene.bot().requests();
            boolean still = seen == requests;
            requests = seen;
            changed = still ? changed : now;
            quiet = quiet();
            if (quiet && still && now - checked >= CHECK_EVERY_NANOS) {
                Found found = check(true, began);
                if (found.balance().balanced()) {
                    return found;
                }
                checked = now;
            }
            if (now - changed > HOPELESS_NANOS || scene.gw().wentAway()) {
                break;
            }
        } while (System.nanoTime() - began < settings.drainWithin().toNanos());
        return check(quiet, began);
    }

    private boolean quiet() {
        Optional<Status> status = scene.control().status();
        return status.filter(seen ->
                        Control.ready(seen) == settings.shards()
                                && seen.getDelivery().getQueuedEvents() == 0
                                && seen.getDelivery().getInFlight() == 0)
                .isPresent();
    }

    private Found check(boolean quiet, long began) {
        // The sessions first: what came later only makes the check stricter.
        List<AbandonedSession> abandoned = scene.discord().abandoned();
        Received received = scene.bot().received();
        List<AbandonedSession> excused = Judge.excused(abandoned, seen(received), deeds.all());
        // Nobody has their ids: nothing of them is owed.
        excused.forEach(session -> scene.discord().ledger().lost(session.sessionId()));
        Balance balance = LedgerCheck.check(scene.discord().ledger(), received);
        return new Found(
                quiet,
                balance,
                received,
                abandoned,
                excused,
                Duration.ofNanos(System.nanoTime() - began));
    }

    private static Set<String> seen(Received received) {
        Set<String> seen = new HashSet<>();
        for (ReceivedEvent event : received.events()) {
            seen.add(event.sessionId());
        }
        return seen;
    }
}
