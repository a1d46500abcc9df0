package gw.chaos;

import gw.proto.v1.Status;
import gw.sim.bot.ReceivedGap;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One run: start, trouble by the script, quiet, drain, judgement. */
final class Run {
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Settings settings;
    private final Scene scene;
    private final Journal journal;
    private final Incidents incidents;
    private final Deeds deeds = new Deeds(System::nanoTime);
    private final CountDownLatch stop = new CountDownLatch(1);

    Run(Settings settings, Scene scene, Journal journal) {
        this.settings = settings;
        this.scene = scene;
        this.journal = journal;
        this.incidents = new Incidents(journal);
    }

    /**
     * Does it all.
     *
     * @throws CannotRun when gw does not even start
     */
    Outcome go() throws CannotRun, IOException, InterruptedException {
        journal.say("seed " + settings.seed() + ", in " + settings.directory());
        scene.gw().start();
        awaitReady();
        journal.say("all " + settings.shards() + " shards are ready");
        scene.discord().rate(settings.rate());
        Watch watch =
                new Watch(
                        scene,
                        settings.shards(),
                        deeds,
                        incidents,
                        journal,
                        System::nanoTime,
                        stop);
        Thread watching = Thread.ofVirtual().start(watch);
        try {
            trouble();
            scene.discord().rate(0);
            journal.say("the trouble is over; waiting for all that is owed");
            Drain.Found found = new Drain(scene, settings, deeds).await();
            return judge(watch, watching, found);
        } finally {
            watch.end();
            watching.join();
        }
    }

    /** Ends the trouble early; what was done is taken back. */
    void callOff() {
        stop.countDown();
    }

    private void awaitReady() throws CannotRun {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (true) {
            Optional<Status> status = scene.control().status();
            if (status.filter(seen -> Control.ready(seen) == settings.shards()).isPresent()) {
                return;
            }
            if (scene.gw().wentAway() || System.nanoTime() - deadline > 0) {
                throw new CannotRun(
                        "gw did not become ready: "
                                + scene.gw().lastExit()
                                + "; its output is in "
                                + settings.directory().resolve("gw.out"));
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    private void trouble() throws InterruptedException {
        Script script =
                Script.of(
                        settings.seed(),
                        settings.length(),
                        settings.kinds(),
                        settings.workers(),
                        settings.shards());
        Hands hands =
                new Hands(
                        scene.gw(),
                        scene.discord(),
                        scene.bot(),
                        scene.disk(),
                        deeds,
                        incidents,
                        journal,
                        stop);
        long began = System.nanoTime();
        List<Thread> lanes = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            if (lane != Lane.DISK || scene.disk().isPresent()) {
                lanes.add(
                        Thread.ofVirtual()
                                .name(lane.name())
                                .start(() -> walk(script.of(lane), hands, began)));
            }
        }
        var _ = hands.pause(settings.length());
        for (Thread lane : lanes) {
            lane.join();
        }
    }

    private void walk(List<Script.Step> steps, Hands hands, long beganNanos) {
        try {
            for (Script.Step step : steps) {
                long wait = beganNanos + step.at().toNanos() - System.nanoTime();
                if (!hands.pause(Duration.ofNanos(Math.max(0, wait)))) {
                    return;
                }
                hands.perform(step.action());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            incidents.unable(e.toString());
            stop.countDown();
        }
    }

    private Outcome judge(Watch watch, Thread watching, Drain.Found found)
            throws IOException, InterruptedException {
        journal.say(found.balance().explain());
        watch.end();
        watching.join();
        var stats = scene.discord().stats();
        scene.control().status().ifPresent(this::inspect);
        traces();
        OptionalInt code = scene.gw().end();
        if (code.isEmpty() || code.getAsInt() != 0) {
            incidents.broken("at the end gw did not stop with 0: " + scene.gw().lastExit());
        }
        Evidence evidence =
                new Evidence(
                        settings.shards(),
                        settings.rate(),
                        settings.underWay(),
                        settings.limited(),
                        settings.pauses(),
                        found.balance(),
                        stats,
                        found.abandoned(),
                        found.excused(),
                        reasons(found.received().gaps()),
                        deeds.all(),
                        watch.excusedHeartbeats(),
                        found.quiet(),
                        incidents.broken());
        return new Outcome(
                settings, evidence, Verdict.of(evidence), incidents.unable(), found.took());
    }

    /** What gw itself counts and must not have. */
    private void inspect(Status status) {
        if (status.getDelivery().getBadRecords() > 0) {
            incidents.broken("records that could not be read: " + status.getDelivery());
        }
        journal.log("the last status:\n" + status);
    }

    /** What processes leave behind that died by themselves, and what the bot never refused. */
    private void traces() throws IOException {
        Path state = settings.state();
        try (var files = Files.walk(state)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.contains("crash") || name.startsWith("hs_err")) {
                    incidents.broken("P6: a process crashed: " + file);
                }
                if (name.startsWith("dead-letters") && Files.size(file) > 0) {
                    incidents.broken("P1: dead letters, and the bot refused nothing: " + file);
                }
            }
        }
    }

    private static Map<String, Long> reasons(List<ReceivedGap> gaps) {
        Map<String, Long> reasons = new TreeMap<>();
        JsonMapper json = JsonMapper.shared();
        for (ReceivedGap gap : gaps) {
            String reason;
            try {
                reason = json.readTree(gap.payload()).path("d").path("reason").asString("none");
            } catch (JacksonException e) {
                reason = "unreadable";
            }
            reasons.merge(reason, 1L, Long::sum);
        }
        return reasons;
    }
}
