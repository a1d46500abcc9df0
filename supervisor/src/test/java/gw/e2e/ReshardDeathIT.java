package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.Status;
import gw.proto.v1.WorkerStatus;
import gw.sim.check.Balance;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * The supervisor and workers of both generations die at any moment of a reshard, and it comes to
 * its end all the same: nothing is lost, nothing doubled, no identify spent twice (P1 to P6).
 */
@Timeout(300)
class ReshardDeathIT {
    private static final int FROM = 4;
    private static final int TO = 6;
    private static final int MOST_MILLIS = 7_000;

    @TempDir private Path dir;

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothingIsLostOrDoubledWhoeverDies(long seed) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        SimSettings settings =
                World.quick(FROM, 2, 200)
                        .withSeed(seed)
                        .timed(Duration.ofMillis(200), Duration.ofSeconds(5))
                        .withSkew(Duration.ofMillis(300));
        try (World world =
                World.start(
                        dir,
                        settings,
                        "--shards-per-cluster",
                        "3",
                        "--reshard-overlap",
                        "2s",
                        "--identify-interval",
                        "400ms")) {
            var _ = world.awaitReady(FROM);
            world.discord.rate(500);
            var _ = world.control.reshard(ReshardRequest.newBuilder().setShardCount(TO).build());
            long begun = System.nanoTime();
            for (long at : random.longs(3, 0, MOST_MILLIS).sorted().toArray()) {
                long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
                // When somebody dies is what is tried here: any moment will do.
                TimeUnit.MILLISECONDS.sleep(Math.max(0, at - passed));
                kill(world, random);
            }
            Status done =
                    world.control.await(
                            Duration.ofSeconds(90),
                            "the reshard is over (seed " + seed + ")",
                            status ->
                                    status.getReshard().getPhase()
                                                    == ReshardPhase.RESHARD_PHASE_NONE
                                            && !status.getReshard().getLastOutcome().isEmpty()
                                            && ControlProbe.ready(status) == TO);
            assertThat(done.getReshard().getLastOutcome()).as(world::story).isEqualTo("done");
            Balance balance = world.settle();
            assertThat(balance.duplicated()).as(balance::explain).isZero();
            assertThat(world.discord.stats().violations()).as(world::story).isEmpty();
            assertThat(world.discord.stats().identifies())
                    .as(world::story)
                    .isEqualTo(FROM + TO + world.discord.stats().sessionsEnded() + unread(world));
            // A worker that is killed can't end its sessions: nobody holds them, and they run out.
            assertThat(world.discord.stats().connections()).as(world::story).isEqualTo(TO);
        }
    }

    /** Sessions of which a worker that was killed had not read READY yet: nobody knew of them. */
    private static long unread(World world) {
        return world.discord.abandoned().stream()
                .filter(session -> !session.acknowledged())
                .count();
    }

    private static void kill(World world, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            world.killGw();
            world.restartGw();
            return;
        }
        Optional<Status> status = world.control.status();
        List<Long> pids =
                status.map(seen ->
                                seen.getWorkersList().stream()
                                        .map(WorkerStatus::getPid)
                                        .filter(pid -> pid > 0)
                                        .toList())
                        .orElse(List.of());
        if (!pids.isEmpty()) {
            ProcessHandle.of(pids.get(random.nextInt(pids.size())))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
