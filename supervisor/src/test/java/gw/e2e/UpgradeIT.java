package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Status;
import gw.proto.v1.WorkerStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every process is replaced while events flow, by order and one at a time (P1, P4, P6). */
@Timeout(400)
class UpgradeIT {
    private static final int SHARDS = 8;
    private static final int UPGRADES = 10;
    private static final Duration COMMAND = Duration.ofMinutes(2);

    @TempDir private Path dir;

    private World begin() {
        World world =
                World.start(
                        dir,
                        World.quick(SHARDS, 8, 160),
                        "--shards-per-cluster",
                        "4",
                        "--max-clusters",
                        "2");
        var _ = world.awaitReady(SHARDS);
        world.discord.rate(500);
        return world;
    }

    private static String gw(World world, int exitCode, String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.add("--state-dir");
        command.add(world.state.toString());
        try (GwProcess run = GwProcess.start(Map.of(), command)) {
            assertThat(run.awaitExit(COMMAND))
                    .as(() -> run.output() + "\n" + world.story())
                    .isEqualTo(exitCode);
            return run.output();
        }
    }

    private static List<Long> pids(Status status) {
        return status.getWorkersList().stream().map(WorkerStatus::getPid).toList();
    }

    @Test
    void aRollingRestartLosesNothingAndSpendsNothing() {
        try (World world = begin()) {
            Status before = world.status();
            assertThat(gw(world, 0, "restart", "--rolling"))
                    .contains(
                            "gw: worker 0: pid " + pids(before).getFirst() + " -> ",
                            "gw: 0 identifies spent",
                            "from Discord's socket to the bot: p50 ");
            Status after = world.status();
            assertThat(ControlProbe.ready(after)).as(world::story).isEqualTo(SHARDS);
            assertThat(pids(after)).doesNotContainAnyElementsOf(pids(before));
            assertThat(world.settle().announcedLost()).isZero();
            world.assertNothingWasted(SHARDS);
        }
    }

    @Test
    void anUpgradeKeepsTheProcessAndReplacesAllThatRunsInIt() {
        try (World world = begin()) {
            for (int i = 0; i < UPGRADES; i++) {
                Status before = world.status();
                String said = gw(world, 0, "upgrade");
                assertThat(said)
                        .contains("makes way for", "has taken over after", "upgraded from")
                        .contains("gw: 0 identifies spent (");
                Status after = world.status();
                assertThat(after.getSupervisor().getPid()).isEqualTo(world.gw.pid());
                assertThat(after.getSupervisor().getStartedAtMs())
                        .isGreaterThan(before.getSupervisor().getStartedAtMs());
                assertThat(after.getSupervisor().getStateDir())
                        .isEqualTo(before.getSupervisor().getStateDir());
                assertThat(ControlProbe.ready(after)).as(world::story).isEqualTo(SHARDS);
                assertThat(pids(after)).doesNotContainAnyElementsOf(pids(before));
                world.control.await(
                        Duration.ofSeconds(20),
                        "events reach the bot by the next supervisor",
                        status -> status.getDelivery().getDelivered() > 100);
            }
            assertThat(world.settle().announcedLost()).isZero();
            world.assertNothingWasted(SHARDS);
            // What it was is still what service managers and terminals expect.
            world.gw.terminate();
            assertThat(world.gw.awaitExit(Duration.ofSeconds(6))).as(world::story).isZero();
            assertThat(world.gw.output()).contains("gw: stopped; the sessions stay resumable");
        }
    }

    @Test
    void aTrialIsNotUpgraded() {
        Path state = dir.resolve("trial");
        try (GwProcess trial =
                        GwProcess.start(
                                Map.of(),
                                List.of("start", "--sim", "--state-dir", state.toString()));
                ControlProbe control = new ControlProbe(state.resolve("control.sock"))) {
            var _ = control.await(Duration.ofSeconds(60), "a supervisor", _ -> true);
            try (GwProcess upgrade =
                    GwProcess.start(
                            Map.of(), List.of("upgrade", "--state-dir", state.toString()))) {
                assertThat(upgrade.awaitExit(COMMAND)).isEqualTo(10);
                assertThat(upgrade.output()).startsWith("gw: it runs with --sim: ");
            }
            assertThat(trial.alive()).isTrue();
        }
    }

    /** P4: what ends the sessions says so, and what keeps them costs nothing. */
    @Test
    void stopEndsTheSessionsUnlessTheyAreToBeKept() {
        try (World world = begin()) {
            assertThat(gw(world, 0, "stop"))
                    .startsWith("gw: 8 sessions end: the bot goes offline")
                    .contains("identifies 8 times", "--keep-sessions");
            assertThat(world.gw.awaitExit(Duration.ofSeconds(6))).isZero();
            assertThat(world.gw.output()).endsWith("gw: stopped; the sessions are ended");
            assertThat(world.discord.stats().violations())
                    .as(world::story)
                    .containsOnlyKeys("session_ended_by_client")
                    .containsEntry("session_ended_by_client", (long) SHARDS);
            assertThat(world.discord.stats().sessions()).isZero();
        }
        try (World world = World.start(dir.resolve("kept"), World.quick(2, 2, 20))) {
            var _ = world.awaitReady(2);
            assertThat(gw(world, 0, "stop", "--keep-sessions", "--json"))
                    .contains("\"sessionsKept\" : true", "\"sessions\" : 2", "\"ended\" : true");
            assertThat(world.gw.awaitExit(Duration.ofSeconds(6))).isZero();
            assertThat(world.discord.stats().violations()).as(world::story).isEmpty();
            assertThat(world.discord.stats().sessions()).isEqualTo(2);
        }
    }
}
