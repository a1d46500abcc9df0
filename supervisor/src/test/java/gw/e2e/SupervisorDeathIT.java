package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Status;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;
import gw.sim.check.Balance;
import gw.sim.fault.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The supervisor may die at any instant: its workers go on under the next one (P4, P5, P6). */
@Timeout(300)
class SupervisorDeathIT {
    private static final int SHARDS = 12;
    private static final int WORKERS = 4;

    /** A second on a machine that is free; this one runs the sim and the bot besides. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(3);

    @TempDir private Path dir;

    private World begin(String... more) {
        List<String> options =
                new ArrayList<>(List.of("--shards-per-cluster", "3", "--max-clusters", "4"));
        options.addAll(List.of(more));
        World world = World.start(dir, World.quick(SHARDS, 4, 240), options.toArray(String[]::new));
        var _ = world.awaitReady(SHARDS);
        return world;
    }

    @Test
    void theNextSupervisorTakesOverAndSpendsNothing() {
        try (World world = begin()) {
            world.discord.rate(1_000);
            world.control.await(
                    Duration.ofSeconds(20),
                    "events flow",
                    status -> status.getDelivery().getDelivered() > 1_000);
            List<Long> pids = world.workerPids();
            // Who lives on doesn't wait for Discord's REST API.
            world.discord.inject(new Fault.RestStatus(500, 20));

            world.killGw();
            world.restartGw();

            var _ = world.control.await(Duration.ofSeconds(30), "an answer", _ -> true);
            Status back =
                    world.control.await(BACK_WITHIN, "taken over", SupervisorDeathIT::allBack);
            assertThat(back.getWorkersList()).extracting(WorkerStatus::getPid).isEqualTo(pids);
            assertThat(back.getWorkersList())
                    .allMatch(worker -> worker.getAdopted() && worker.getRestarts() == 0);
            world.gw.awaitLine(
                    Duration.ofSeconds(5),
                    line ->
                            line.endsWith(
                                    "took over 4 workers of the supervisor before (12 shards, no"
                                            + " identify spent)"));
            world.control.await(
                    Duration.ofSeconds(20),
                    "events flow again",
                    status -> status.getDelivery().getDelivered() > 1_000);
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
            assertThat(world.discord.stats().sessionsEnded()).isZero();
            assertThat(world.discord.stats().resumes()).as(world::story).isZero();

            world.gw.terminate();
            assertThat(world.gw.awaitExit(Duration.ofSeconds(20))).isZero();
            World.awaitGone(Duration.ofSeconds(5), pids);
        }
    }

    /**
     * What the workers take while nobody is there comes to the bot, all of it and in order (P1).
     */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void whatHappensMeanwhileIsDelivered() {
        try (World world = begin()) {
            world.discord.rate(400);
            world.control.await(
                    Duration.ofSeconds(20),
                    "events flow",
                    status -> status.getDelivery().getDelivered() > 400);
            world.killGw();
            world.discord.rate(1_000);
            world.restartGw();
            world.control.await(
                    Duration.ofSeconds(30),
                    "events flow again",
                    status -> status.getDelivery().getDelivered() > 2_000);
            Balance balance = world.settle();
            assertThat(balance.announcedLost()).isZero();
            world.assertNothingWasted(SHARDS);
        }
    }

    /** Tokens that were out, places that were given: no window is broken, no IDENTIFY wasted. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aSupervisorThatDiesWhileShardsIdentifyCostsNothing() {
        try (World world =
                World.start(
                        dir,
                        World.quick(SHARDS, 1, 240),
                        "--shards-per-cluster",
                        "3",
                        "--max-clusters",
                        "4")) {
            for (int ready = 2; ready <= 8; ready += 3) {
                int wanted = ready;
                world.control.await(
                        Duration.ofSeconds(60),
                        ready + " shards are ready",
                        status -> ControlProbe.ready(status) >= wanted);
                world.killGw();
                world.restartGw();
            }
            var _ = world.awaitReady(SHARDS);
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
        }
    }

    /**
     * Everything dies at once, as when the power goes: all of it comes back from the log (P1, P4).
     */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void everyProcessDiesAtOnceAndNothingIsLostOrSpent() {
        try (World world = begin()) {
            world.discord.rate(1_000);
            for (int round = 0; round < 3; round++) {
                world.control.await(
                        Duration.ofSeconds(60),
                        "events flow",
                        status ->
                                ControlProbe.ready(status) == SHARDS
                                        && status.getDelivery().getDelivered() > 500);
                List<Long> pids = world.workerPids();
                world.killGw();
                pids.forEach(
                        pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
                World.awaitGone(Duration.ofSeconds(5), pids);
                world.restartGw();
            }
            var _ = world.awaitReady(SHARDS);
            Balance balance = world.settle();
            assertThat(balance.announcedLost()).as(world::story).isZero();
            world.assertNothingWasted(SHARDS);
            assertThat(world.discord.stats().sessionsEnded()).isZero();
        }
    }

    /** Another cut of the same shards: other workers, the same sessions (P4). */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void anotherCutOfTheShardsSpendsNothing() {
        try (World world = begin()) {
            world.discord.rate(400);
            world.killGw();
            world.restartGw("--max-clusters", "2");
            Status status = world.awaitReady(SHARDS);
            assertThat(status.getWorkersCount()).isEqualTo(2);
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
        }
    }

    /** Nobody sees the exit status of another's child: it is replaced all the same (P6). */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void replacesATakenOverWorkerThatDies() {
        try (World world = begin()) {
            world.killGw();
            world.restartGw();
            var _ =
                    world.control.await(
                            Duration.ofSeconds(30), "taken over", SupervisorDeathIT::allBack);
            world.discord.rate(400);
            long pid = world.workerPid(2);
            assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).hasValue(true);
            Status status =
                    world.control.await(
                            Duration.ofSeconds(40),
                            "worker 2 is replaced",
                            seen ->
                                    ControlProbe.ready(seen) == SHARDS
                                            && seen.getWorkers(2).getPid() != pid);
            WorkerStatus next = status.getWorkers(2);
            assertThat(next.getAdopted()).isFalse();
            assertThat(next.getRestarts()).isEqualTo(1);
            assertThat(next.getLastExit()).contains("how is unknown");
            assertThat(status.getWorkers(1).getAdopted()).isTrue();
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
        }
    }

    /** Who lives goes on at once, who died with it is launched anew (P6). */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aWorkerThatDiesTogetherWithItsSupervisorIsLaunchedAnew() {
        try (World world = begin()) {
            List<Long> pids = world.workerPids();
            world.killGw();
            assertThat(ProcessHandle.of(pids.get(1)).map(ProcessHandle::destroyForcibly))
                    .hasValue(true);
            World.awaitGone(Duration.ofSeconds(5), List.of(pids.get(1)));
            world.restartGw();
            Status status =
                    world.control.await(Duration.ofSeconds(60), "all", SupervisorDeathIT::allBack);
            assertThat(status.getWorkersList())
                    .extracting(WorkerStatus::getAdopted)
                    .containsExactly(true, false, true, true);
            assertThat(status.getWorkers(0).getPid()).isEqualTo(pids.getFirst());
            world.assertNothingWasted(SHARDS);
        }
    }

    /** Two workers must never hold the same shard: those that don't fit leave first. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void workersThatDoNotFitLeaveBeforeOthersStart() {
        try (World world = begin()) {
            List<Long> pids = world.workerPids();
            world.killGw();
            world.restartGw("--intents", "GUILDS,GUILD_MESSAGES", "--max-clusters", "2");
            Status status = world.awaitReady(SHARDS);
            assertThat(status.getWorkersList())
                    .hasSize(2)
                    .noneMatch(WorkerStatus::getAdopted)
                    .noneMatch(worker -> pids.contains(worker.getPid()));
            World.awaitGone(Duration.ofSeconds(5), pids);
            assertThat(world.gw.output())
                    .contains("worker 0 of the supervisor before (pid " + pids.getFirst() + ")")
                    .contains("there are fewer workers now");
            assertThat(world.discord.stats().violations()).isEmpty();
        }
    }

    private static boolean allBack(Status status) {
        return ControlProbe.ready(status) == SHARDS
                && status.getWorkersCount() == WORKERS
                && status.getWorkersList().stream()
                        .allMatch(worker -> worker.getState() == WorkerState.WORKER_STATE_ATTACHED);
    }
}
