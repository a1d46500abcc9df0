package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Status;
import gw.proto.v1.WorkerStatus;
import gw.sim.fault.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * All that Discord and networks do, while events flow: nothing is lost (P1), nothing comes out of
 * order (P2), and no identify is spent that Discord didn't force (P4).
 */
@Timeout(600)
class FaultsIT {
    private static final int SHARDS = 4;

    @TempDir private Path dir;

    private World begin(String... options) {
        World world = World.start(dir, World.quick(SHARDS, 4, 60), options);
        var _ = world.awaitReady(SHARDS);
        world.discord.rate(300);
        return world;
    }

    /** One after another on the same run: what one leaves behind the next one must bear. */
    private static void inflict(World world, List<Fault> faults) {
        inflict(world, Duration.ofSeconds(90), faults);
    }

    private static void inflict(World world, Duration patience, List<Fault> faults) {
        for (Fault fault : faults) {
            long reconnects = reconnects(world.status());
            world.discord.inject(fault);
            world.control.await(
                    patience,
                    fault + " was survived",
                    status ->
                            ControlProbe.ready(status) == SHARDS
                                    && (isHarmless(fault) || reconnects(status) > reconnects));
        }
    }

    /** Those that a shard lives through without a new connection. */
    private static boolean isHarmless(Fault fault) {
        return switch (fault) {
            case Fault.HeartbeatRequest _,
                    Fault.SlowFrames _,
                    Fault.SplitFrames _,
                    Fault.RestStatus _,
                    Fault.ReconnectBeforeHello _,
                    Fault.DeadResumeHost _,
                    Fault.RefuseConnects _,
                    Fault.NoResumes _ ->
                    true;
            default -> false;
        };
    }

    private static long reconnects(Status status) {
        return status.getShardsList().stream()
                .mapToLong(shard -> shard.getFacts().getReconnects())
                .sum();
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void survivesWhatDiscordSays() {
        try (World world = begin()) {
            inflict(
                    world,
                    List.of(
                            new Fault.Reconnect(),
                            new Fault.ReconnectBeforeHello(2),
                            new Fault.Reconnect(),
                            new Fault.InvalidSession(true),
                            new Fault.InvalidSession(false),
                            new Fault.HeartbeatRequest()));
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
            assertThat(world.discord.stats().sessionsEnded()).isEqualTo(1);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void survivesEachCloseCodeThatIsNotForGood() {
        try (World world = begin()) {
            inflict(
                    world,
                    List.of(
                            new Fault.CloseCode(1000),
                            new Fault.CloseCode(1001),
                            new Fault.CloseCode(1011),
                            new Fault.CloseCode(4000),
                            new Fault.CloseCode(4001),
                            new Fault.CloseCode(4002),
                            new Fault.CloseCode(4005),
                            new Fault.CloseCode(4007),
                            new Fault.CloseCode(4008),
                            new Fault.CloseCode(4009),
                            new Fault.CloseCode(4242)));
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
            assertThat(world.status().getProblemsList())
                    .anyMatch(problem -> problem.contains("4008"));
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void survivesWhatNetworksDo() {
        try (World world = begin()) {
            inflict(
                    world,
                    List.of(
                            new Fault.Reset(),
                            new Fault.SlowFrames(Duration.ofSeconds(2)),
                            new Fault.SplitFrames(Duration.ofSeconds(2)),
                            new Fault.SilentZombie(),
                            new Fault.HalfOpen(),
                            new Fault.RefuseConnects(Duration.ofSeconds(3)),
                            new Fault.Reset(),
                            new Fault.DeadResumeHost(Duration.ofSeconds(20)),
                            new Fault.Reset()));
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void survivesMaintenance() {
        try (World world = begin()) {
            inflict(world, List.of(new Fault.Maintenance(Duration.ofSeconds(5))));
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void survivesNinetySecondsWithoutResumes() {
        try (World world = begin()) {
            // The tries are up to a minute apart by then.
            inflict(
                    world,
                    Duration.ofSeconds(180),
                    List.of(new Fault.NoResumes(Duration.ofSeconds(90)), new Fault.Reset()));
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
        }
    }

    /** The worker's memory stays bounded, whatever comes over the socket (P7). */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void survivesHostileFrames() {
        try (World world = begin("--max-message-bytes", "8m")) {
            List<Fault> hostile =
                    List.of(
                            new Fault.GarbageFrame(),
                            new Fault.TruncatedMessage(),
                            new Fault.CompressionBomb(),
                            new Fault.HostileEnvelope());
            for (int round = 0; round < 4; round++) {
                inflict(world, hostile);
            }
            var _ = world.settle();
            world.assertNothingWasted(SHARDS);
            WorkerStatus worker = world.status().getWorkers(0);
            assertThat(worker.getRestarts()).as(world::story).isZero();
            assertThat(worker.getMalformed()).isGreaterThanOrEqualTo(8);
            assertThat(worker.getRssBytes()).isLessThan(260L * 1024 * 1024);
        }
    }
}
