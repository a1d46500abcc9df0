package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.Status;
import gw.proto.v1.WorkerStatus;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A reshard that is given up was never there; one that gw decides for itself is like any other. */
@Timeout(180)
class ReshardOrdersIT {
    @TempDir private Path dir;

    private static SimSettings sim(int shards, int guilds) {
        return World.quick(shards, 2, guilds)
                .timed(Duration.ofMillis(250), Duration.ofSeconds(5))
                .withSkew(Duration.ofMillis(200));
    }

    private World begin(SimSettings settings, String... more) {
        World world = World.start(dir, settings, more);
        var _ = world.awaitReady(settings.shards());
        world.discord.rate(400);
        return world;
    }

    private static ReshardRequest to(int shards) {
        return ReshardRequest.newBuilder().setShardCount(shards).build();
    }

    private static Status awaitOutcome(World world) {
        return world.control.await(
                Duration.ofSeconds(60),
                "the reshard is over",
                status ->
                        status.getReshard().getPhase() == ReshardPhase.RESHARD_PHASE_NONE
                                && !status.getReshard().getLastOutcome().isEmpty());
    }

    /** The shards that serve went on as if nothing was: the same processes, the same sessions. */
    private static void assertUndisturbed(World world, int shards, List<Long> pids) {
        Status now = world.awaitReady(shards);
        assertThat(now.getPlan().getShardCount()).isEqualTo(shards);
        assertThat(now.getWorkersList()).extracting(WorkerStatus::getPid).isEqualTo(pids);
        var _ = world.settle();
        assertThat(world.discord.stats().violations()).as(world::story).isEmpty();
        assertThat(world.discord.stats().resumes()).as(world::story).isZero();
        assertThat(world.discord.stats().sessionsByCount()).containsOnlyKeys(shards);
        assertThat(world.bot.received().notices()).isEmpty();
        assertThat(world.state).isDirectoryNotContaining("glob:**next-generation*");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource(names = {"RESHARD_PHASE_PREPARING", "RESHARD_PHASE_OVERLAPPING"})
    void aReshardThatIsCancelledWasNeverThere(ReshardPhase phase) {
        try (World world = begin(sim(2, 100), "--reshard-overlap", "3s")) {
            List<Long> pids = world.workerPids();
            var _ = world.control.reshard(to(5));
            world.control.await(
                    Duration.ofSeconds(40),
                    phase + " with some shards up",
                    status ->
                            status.getReshard().getPhase() == phase
                                    && status.getReshard().getShardsReady() > 0);
            world.control.cancelReshard();
            assertThat(awaitOutcome(world).getReshard().getLastOutcome()).isEqualTo("cancelled");
            assertUndisturbed(world, 2, pids);
            assertThatThrownBy(world.control::cancelReshard)
                    .hasMessageContaining("no reshard is under way");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aReshardThatWasCancelledCanBeOrderedAgain() {
        try (World world = begin(sim(2, 100), "--reshard-overlap", "1s")) {
            var _ = world.control.reshard(to(3));
            world.control.cancelReshard();
            var _ = awaitOutcome(world);
            var _ = world.control.reshard(to(3));
            Status done =
                    world.control.await(
                            Duration.ofSeconds(60),
                            "done",
                            status -> status.getReshard().getLastOutcome().equals("done"));
            assertThat(done.getPlan().getShardCount()).isEqualTo(3);
            assertThat(world.settle().duplicated()).isZero();
        }
    }

    /** One IDENTIFY tells that Discord refuses: no more are spent (P4). */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void whatDiscordRefusesIsGivenUpAtOnce() {
        SimSettings settings =
                sim(2, 100).limited(1000, 1000, SimSettings.KNOWN_INTENTS & ~(1L << 1));
        try (World world = begin(settings)) {
            List<Long> pids = world.workerPids();
            long intents = world.status().getPlan().getIntents();
            var _ = world.control.reshard(to(4).toBuilder().setIntents(intents | 1L << 1).build());
            Status over = awaitOutcome(world);
            assertThat(over.getReshard().getLastOutcome()).contains("4014");
            assertThat(over.getPlan().getIntents()).isEqualTo(intents);
            Status now = world.awaitReady(2);
            assertThat(now.getWorkersList()).extracting(WorkerStatus::getPid).isEqualTo(pids);
            assertThat(world.discord.stats().identifies()).isEqualTo(2);
            var _ = world.settle();
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void whatDoesNotGoForwardIsGivenUp() {
        try (World world =
                begin(sim(2, 100), "--identify-interval", "8s", "--reshard-timeout", "5s")) {
            List<Long> pids = world.workerPids();
            var _ = world.control.reshard(to(6));
            assertThat(awaitOutcome(world).getReshard().getLastOutcome())
                    .contains("nothing went forward for 5 s");
            assertUndisturbed(world, 2, pids);
        }
    }

    /** The timeout may be shorter than the overlap: while all is well time is what goes forward. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aLongOverlapIsNoStandstill() {
        try (World world =
                begin(sim(2, 100), "--reshard-overlap", "7s", "--reshard-timeout", "5s")) {
            var _ = world.control.reshard(to(3));
            assertThat(awaitOutcome(world).getReshard().getLastOutcome()).isEqualTo("done");
            assertThat(world.settle().duplicated()).isZero();
        }
    }

    /** Other intents, or another gateway, of the same count: without a moment of silence. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void intentsChangeWithoutLosingAnEventAndStayChanged() {
        try (World world = begin(sim(2, 100), "--reshard-overlap", "1s")) {
            long intents = world.status().getPlan().getIntents() | 1L << 7;
            var _ = world.control.reshard(to(2).toBuilder().setIntents(intents).build());
            assertThat(awaitOutcome(world).getPlan().getIntents()).isEqualTo(intents);
            assertThat(world.settle().duplicated()).isZero();
            assertThat(world.discord.stats().identifies()).isEqualTo(4);

            world.restartGw();
            assertThat(world.awaitReady(2).getPlan().getIntents()).isEqualTo(intents);
            assertThat(world.discord.stats().identifies()).isEqualTo(4);
        }
    }

    /** Full shards, a session start limit with no room, its reset: all by itself (P5). */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void gwReshardsByItselfWhenTheShardsAreFullAndTheLimitHasRoom() {
        SimSettings settings =
                sim(1, 1_990)
                        .limited(6, 2, SimSettings.KNOWN_INTENTS)
                        .withStartReset(Duration.ofSeconds(30));
        try (World world =
                begin(
                        settings,
                        "--reshard-check",
                        "1s",
                        "--reshard-overlap",
                        "1s",
                        "--identify-reserve",
                        "1")) {
            world.control.await(
                    Duration.ofSeconds(20),
                    "counted",
                    status ->
                            status.getCapacity().getGuilds() == 1_990
                                    && status.getReshard()
                                            .getDecision()
                                            .contains("1,990 of 2,500 guilds"));
            var _ = world.discord.join(20);
            ReshardStatus waits =
                    world.control
                            .await(
                                    Duration.ofSeconds(20),
                                    "it waits for room",
                                    status ->
                                            status.getReshard().getPhase()
                                                    == ReshardPhase.RESHARD_PHASE_WAITING)
                            .getReshard();
            assertThat(waits.getDecision()).contains("2,010 of 2,500 guilds", "the limit is 80 %");
            assertThat(waits.getWaitsFor()).contains("session start limit");
            assertThat(waits.getWaitingUntilMs()).isPositive();
            Status done = awaitOutcome(world);
            assertThat(done.getReshard().getLastOutcome()).as(world::story).isEqualTo("done");
            assertThat(done.getPlan().getShardCount()).isEqualTo(2);
            assertThat(done.getCapacity().getGuilds()).isEqualTo(2_010);
            assertThat(world.settle().duplicated()).isZero();
            assertThat(world.discord.stats().violations()).as(world::story).isEmpty();
            assertThat(world.discord.stats().identifies()).isEqualTo(3);
        }
    }
}
