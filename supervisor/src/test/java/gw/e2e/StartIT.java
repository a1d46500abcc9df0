package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Phase;
import gw.proto.v1.Status;
import gw.proto.v1.WorkerStatus;
import gw.sim.check.Balance;
import gw.sim.gateway.SimSettings;
import gw.sim.ledger.SentEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The main job, from the start to the bot (P1, P2, P4, P5, P8). */
@Timeout(180)
class StartIT {
    @TempDir private Path dir;

    @Test
    void holdsTheSeedsTwentyFiveShardsOf885InFourWorkers() {
        SimSettings settings = World.quick(885, 16, 885 * 3);
        try (World world =
                World.start(
                        dir,
                        settings,
                        "--first",
                        "100",
                        "--last",
                        "124",
                        "--max-shards",
                        "885",
                        "--shards-per-cluster",
                        "7",
                        "--max-clusters",
                        "8")) {
            Status ready = world.awaitReady(25);
            assertThat(ready.getWorkersList())
                    .extracting(WorkerStatus::getFirstShard)
                    .containsExactly(100, 107, 114, 121);
            // Over all 885 shards: some 2,000 a second for the 25.
            world.discord.rate(70_000);
            world.control.await(
                    Duration.ofSeconds(60),
                    "20,000 events",
                    status -> status.getDelivery().getDelivered() > 20_000);
            Balance balance = world.settle();
            assertThat(balance.redelivered()).isZero();
            assertThat(balance.received()).isEqualTo(balance.sent());
            world.assertNothingWasted(25);
            world.gw.terminate();
            assertThat(world.gw.awaitExit(Duration.ofSeconds(5))).isZero();
            assertThat(world.gw.output())
                    .containsOnlyOnce("25 of 25 shards ready")
                    .doesNotContain(World.TOKEN)
                    .doesNotContain(World.SECRET);
        }
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @ValueSource(strings = {"none", "payload", "zlib-stream", "zstd-stream"})
    void takesEachCompression(String compression) {
        try (World world = World.start(dir, World.quick(2, 2, 40), "--compress", compression)) {
            var _ = world.awaitReady(2);
            world.discord.burst(3_000).join();
            Balance balance = world.settle();
            assertThat(balance.received()).isGreaterThan(3_000);
            world.assertNothingWasted(2);
        }
    }

    @Test
    void theSeedsExampleIsAConfigurationFile() throws Exception {
        try (World world = World.start(dir, World.quick(4, 4, 40), "--dry-run")) {
            assertThat(world.gw.awaitExit(Duration.ofSeconds(20))).as(world::story).isZero();
            Path file = dir.resolve("gw.json");
            java.nio.file.Files.writeString(
                    file,
                    """
                    {"token":"%s","compress":true,"intents":["GUILDS","GUILD_MESSAGES"],"maxShards":885,
                     "firstShardId":100,"lastShardId":124,"url":"%s","shardsPerCluster":25,
                     "maxClusters":46,"reshard":true}
                    """
                            .formatted(World.TOKEN, world.bot.url()));
            try (GwProcess gw =
                    GwProcess.start(
                            Map.of(),
                            List.of(
                                    "start",
                                    "--config",
                                    file.toString(),
                                    "--api-url",
                                    world.discord.apiUrl().toString(),
                                    "--state-dir",
                                    dir.resolve("other").toString(),
                                    "--dry-run"))) {
                assertThat(gw.awaitExit(Duration.ofSeconds(20))).as(gw.output()).isZero();
                assertThat(gw.output())
                        .contains("25 shards, 100..124 of 885, in 1 worker")
                        .contains("worker 0: shards 100..124 (25)")
                        .contains("zlib-stream")
                        .doesNotContain(World.TOKEN);
            }
            assertThat(world.discord.stats().opened()).isZero();
        }
    }

    /**
     * Discord's floor is a window for each shard of a bucket, of which the first is not waited for.
     * That gw adds 3 % at most is shown in virtual time (IdentifyRandomTest); what this machine
     * adds while it does other things too must not add up to a window missed.
     */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void identifiesAtDiscordsOwnPace() {
        SimSettings settings =
                World.quick(16, 4, 40).timed(Duration.ofSeconds(5), Duration.ofSeconds(20));
        try (World world =
                World.start(
                        dir,
                        settings,
                        "--shards-per-cluster",
                        "8",
                        "--max-clusters",
                        "2",
                        "--identify-interval",
                        "5100ms")) {
            var _ = world.awaitReady(16);
            world.assertNothingWasted(16);
            // The sim answers an IDENTIFY with READY at once.
            long[] ready =
                    world.discord.ledger().events().stream()
                            .filter(event -> event.name().equals("READY"))
                            .mapToLong(SentEvent::sentAtNanos)
                            .sorted()
                            .toArray();
            Duration took = Duration.ofNanos(ready[ready.length - 1] - ready[0]);
            assertThat(took)
                    .as("four windows of 5 s, of which the first costs nothing")
                    .isBetween(Duration.ofMillis(15_000), Duration.ofMillis(17_500));
            assertThat(world.status().getSupervisor().getPhase()).isEqualTo(Phase.PHASE_RUNNING);
        }
    }

    @Test
    void stopsCleanlyInUnderFiveSecondsAndLeavesTheSessionsResumable() {
        try (World world = World.start(dir, World.quick(8, 8, 80), "--shards-per-cluster", "4")) {
            var _ = world.awaitReady(8);
            world.discord.rate(500);
            world.control.await(
                    Duration.ofSeconds(20),
                    "events",
                    status -> status.getDelivery().getDelivered() > 1_000);
            List<Long> workers =
                    world.status().getWorkersList().stream().map(WorkerStatus::getPid).toList();
            long before = System.nanoTime();
            world.gw.terminate();
            assertThat(world.gw.awaitExit(Duration.ofSeconds(6))).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(5));
            assertThat(workers)
                    .noneMatch(pid ->
                            ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
            assertThat(world.discord.stats().violations()).as(world::story).isEmpty();
            assertThat(world.discord.stats().sessions()).isEqualTo(8);
        }
    }
}
