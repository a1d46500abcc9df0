package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.Status;
import gw.sim.check.Balance;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;

/** The shard count changes under load, and the bot notices nothing but the new numbers. */
@Timeout(300)
class ReshardIT {
    private static final Duration SKEW = Duration.ofMillis(600);
    private static final Duration OVERLAP = Duration.ofSeconds(2);
    private static final Duration WINDOW = Duration.ofMillis(250);

    @TempDir private Path dir;

    private World begin(SimSettings settings, String... more) {
        String[] options = new String[more.length + 6];
        System.arraycopy(
                new String[] {
                    "--shards-per-cluster",
                    "8",
                    "--reshard-overlap",
                    OVERLAP.toMillis() + "ms",
                    "--identify-interval",
                    WINDOW.multipliedBy(2).toMillis() + "ms"
                },
                0,
                options,
                0,
                6);
        System.arraycopy(more, 0, options, 6, more.length);
        return World.start(dir, settings, options);
    }

    private static SimSettings sim(int shards, int maxConcurrency, int guilds) {
        return World.quick(shards, maxConcurrency, guilds)
                .timed(WINDOW, Duration.ofSeconds(5))
                .withSkew(SKEW);
    }

    private static Status awaitDone(World world, Duration within) {
        return world.control.await(
                within,
                "the reshard is over",
                status ->
                        status.getReshard().getPhase() == ReshardPhase.RESHARD_PHASE_NONE
                                && !status.getReshard().getLastOutcome().isEmpty());
    }

    /**
     * P1, P2, P3, P4: nothing lost, nothing doubled, and no identify but one for each new shard.
     */
    @ParameterizedTest(name = "{0} to {1} shards")
    @CsvSource({"8, 12", "12, 8", "6, 6", "4, 32"})
    void nothingIsLostAndNothingIsDoubled(int from, int to) {
        try (World world = begin(sim(from, 4, 600))) {
            var _ = world.awaitReady(from);
            world.discord.rate(2_000);
            world.control.await(
                    Duration.ofSeconds(20),
                    "events flow",
                    status -> status.getDelivery().getDelivered() > 4_000);
            var _ = world.control.reshard(ReshardRequest.newBuilder().setShardCount(to).build());
            Status done = awaitDone(world, Duration.ofSeconds(90));
            ReshardStatus reshard = done.getReshard();
            assertThat(reshard.getLastOutcome()).as(world::story).isEqualTo("done");
            assertThat(reshard.getDuplicatesPossible()).as(world::story).isZero();
            assertThat(done.getPlan().getShardCount()).isEqualTo(to);
            Balance balance = world.settle();
            assertThat(balance.duplicated()).as(balance::explain).isZero();
            assertThat(reshard.getMerged()).as(world::story).isPositive();
            assertThat(world.discord.stats().violations()).as(world::story).isEmpty();
            assertThat(world.discord.stats().identifies()).as(world::story).isEqualTo(from + to);
            assertThat(world.discord.stats().sessionsEnded()).as(world::story).isZero();
        }
    }

    @Test
    void theBotIsToldOnceAndHasTheNewNumbersFromThenOn() {
        try (World world = begin(sim(2, 4, 100))) {
            var _ = world.awaitReady(2);
            world.discord.rate(200);
            var _ = world.control.reshard(ReshardRequest.newBuilder().setShardCount(3).build());
            var _ = awaitDone(world, Duration.ofSeconds(60));
            var _ = world.settle();
            assertThat(world.bot.received().notices())
                    .extracting(notice -> notice.name())
                    .containsExactly("GW_RESHARDED");
        }
    }
}
