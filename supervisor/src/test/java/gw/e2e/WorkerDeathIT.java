package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Status;
import gw.proto.v1.WorkerStatus;
import gw.sim.check.Balance;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A worker may die at any instant: its sessions are resumed and nothing is lost (P1, P4, P6). */
@Timeout(300)
class WorkerDeathIT {
    private static final int SHARDS = 12;
    private static final Duration KILLING = Duration.ofSeconds(40);

    @TempDir private Path dir;

    private World begin() {
        return begin(World.quick(SHARDS, 4, 240));
    }

    private World begin(SimSettings settings, String... more) {
        List<String> options =
                new ArrayList<>(List.of("--shards-per-cluster", "3", "--max-clusters", "4"));
        options.addAll(List.of(more));
        World world = World.start(dir, settings, options.toArray(String[]::new));
        var _ = world.awaitReady(SHARDS);
        world.discord.rate(1_000);
        return world;
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void losesNothingAndSpendsNothingWhenWorkersAreKilledAgainAndAgain() {
        Random random = new Random(20_261_124);
        try (World world = begin()) {
            long until = System.nanoTime() + KILLING.toNanos();
            int kills = 0;
            while (System.nanoTime() - until < 0) {
                int victim = random.nextInt(4);
                long pid = world.workerPid(victim);
                assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly))
                        .hasValue(true);
                kills++;
                world.control.await(
                        Duration.ofSeconds(40),
                        "worker " + victim + " is replaced and its shards are ready",
                        status ->
                                ControlProbe.ready(status) == SHARDS
                                        && status.getWorkers(victim).getPid() != pid);
            }
            Balance balance = world.settle();
            world.assertNothingWasted(SHARDS);
            assertThat(world.discord.stats().sessionsEnded()).isZero();
            assertThat(kills).isGreaterThan(6);
            assertThat(balance.announcedLost()).isZero();
            Status status = world.status();
            assertThat(status.getWorkersList().stream().mapToInt(WorkerStatus::getRestarts).sum())
                    .isEqualTo(kills);
            assertThat(status.getWorkersList())
                    .anyMatch(worker -> worker.getLastExit().contains("signal 9"));
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void replacesAWorkerThatHangs() throws Exception {
        // Found out in 10 s: well before Discord's own heartbeats of 41 s are missed.
        SimSettings unhurried =
                World.quick(SHARDS, 4, 240)
                        .timed(Duration.ofMillis(500), Duration.ofMillis(41_250));
        try (World world = begin(unhurried)) {
            long pid = world.workerPid(1);
            signal("STOP", pid);
            world.control.await(
                    Duration.ofSeconds(60),
                    "the hung worker is replaced",
                    status ->
                            ControlProbe.ready(status) == SHARDS
                                    && status.getWorkers(1).getPid() != pid
                                    && status.getWorkers(1).getLastExit().contains("hung"));
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
        }
    }

    @Test
    void aPauseOfTheSupervisorKillsNobody() throws Exception {
        try (World world = begin()) {
            signal("STOP", world.gw.pid());
            TimeUnit.SECONDS.sleep(15);
            signal("CONT", world.gw.pid());
            var _ = world.settle();
            Status status = world.status();
            assertThat(status.getWorkersList())
                    .as(world::story)
                    .allMatch(worker -> worker.getRestarts() == 0);
            world.assertNothingWasted(SHARDS);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void restartsByOrder() {
        try (World world = begin()) {
            world.control.restartShard(5, false);
            world.control.await(
                    Duration.ofSeconds(20),
                    "shard 5 resumed",
                    status -> status.getShards(5).getFacts().getResumes() == 1);
            long pid = world.workerPid(2);
            world.control.restartWorker(2);
            world.control.await(
                    Duration.ofSeconds(40),
                    "worker 2 is another",
                    status ->
                            ControlProbe.ready(status) == SHARDS
                                    && status.getWorkers(2).getPid() != pid);
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
            String session = world.status().getShards(7).getSession().getSessionId();
            world.control.restartShard(7, true);
            world.control.await(
                    Duration.ofSeconds(40),
                    "shard 7 has a new session",
                    status ->
                            ControlProbe.ready(status) == SHARDS
                                    && !status.getShards(7)
                                            .getSession()
                                            .getSessionId()
                                            .equals(session));
            assertThat(world.discord.stats().identifies()).isEqualTo(SHARDS + 1);
        }
    }

    /**
     * Of a supervisor that stays away: the sessions must stay resumable, and nobody must linger.
     */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void workersOfAKilledSupervisorLeaveByThemselves() {
        try (World world = begin(World.quick(SHARDS, 4, 240), "--orphan-timeout", "5s")) {
            List<Long> pids = world.workerPids();
            world.discord.rate(0);
            world.killGw();
            World.awaitGone(Duration.ofSeconds(20), pids);
            assertThat(world.discord.stats().violations()).isEmpty();
            assertThat(world.discord.stats().sessions()).isEqualTo(SHARDS);
        }
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
                .isZero();
    }
}
