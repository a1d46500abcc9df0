package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.Status;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Two supervisors with a part of the shards each keep Discord's identify rules together (P5). */
@Timeout(180)
class ReshardPartsIT {
    @TempDir private Path dir;

    private static SimSettings sim() {
        return World.quick(4, 1, 100).timed(Duration.ofMillis(300), Duration.ofSeconds(5));
    }

    private static final String[] FIRST = {
        "--max-shards", "4", "--first", "0", "--last", "1", "--reshard-overlap", "1s"
    };

    private GwProcess second(World world, Path state) {
        return GwProcess.start(
                World.secrets(),
                List.of(
                        "start",
                        "--api-url",
                        world.discord.apiUrl().toString(),
                        "--url",
                        world.bot.url().toString(),
                        "--state-dir",
                        state.toString(),
                        "--intents",
                        "GUILDS,GUILD_MESSAGES,DIRECT_MESSAGES",
                        "--max-shards",
                        "4",
                        "--first",
                        "2",
                        "--last",
                        "3",
                        "--reshard-overlap",
                        "1s",
                        "--identify-authority",
                        world.state.resolve("control.sock").toString(),
                        "--plain"));
    }

    /** Both run, each with its part ready, and the second takes its tokens from the first. */
    private void inTwoParts(BiConsumer<World, ControlProbe> then) {
        Path state = dir.resolve("second");
        try (World world = World.start(dir.resolve("first"), sim(), FIRST);
                GwProcess _ = second(world, state);
                ControlProbe other = new ControlProbe(state.resolve("control.sock"))) {
            var _ = world.awaitReady(2);
            var _ = other.awaitAllReady(Duration.ofSeconds(60), 2);
            then.accept(world, other);
        }
    }

    private static void reshard(ControlProbe control, int first, int last) {
        var _ =
                control.reshard(
                        ReshardRequest.newBuilder()
                                .setShardCount(6)
                                .setFirstShard(first)
                                .setLastShard(last)
                                .build());
    }

    private static Status awaitDone(ControlProbe control) {
        Status over =
                control.await(
                        Duration.ofSeconds(60),
                        "the reshard is over",
                        status ->
                                status.getReshard().getPhase() == ReshardPhase.RESHARD_PHASE_NONE
                                        && !status.getReshard().getLastOutcome().isEmpty());
        assertThat(over.getReshard().getLastOutcome()).isEqualTo("done");
        return over;
    }

    private static void assertKept(World world, int identifies) {
        Map<String, Long> broken = world.discord.stats().violations();
        assertThat(broken).as(world::story).doesNotContainKey("identify_too_fast");
        assertThat(broken).as(world::story).doesNotContainKey("identify_over_limit");
        assertThat(world.discord.stats().identifies()).as(world::story).isEqualTo(identifies);
    }

    @Test
    void partsThatAreReshardedInTurnIdentifyByOneAuthority() {
        inTwoParts((world, other) -> {
            assertKept(world, 4);
            world.discord.rate(200);

            reshard(world.control, 0, 2);
            reshard(other, 3, 5);
            assertThat(awaitDone(world.control).getShardsCount()).isEqualTo(3);
            assertThat(awaitDone(other).getShardsCount()).isEqualTo(3);
            assertKept(world, 10);
            assertThat(world.discord.stats().sessionsByCount()).containsOnlyKeys(6);
        });
    }

    /** Nobody there who knows what the others do: no IDENTIFY, and what is ready goes on. */
    @Test
    void withoutItsAuthorityAPartIdentifiesNothing() {
        inTwoParts((world, other) -> {
            world.killGw();
            other.await(
                    Duration.ofSeconds(30),
                    "it says so",
                    status -> status.getProblemsList().toString().contains("authority"));
            other.restartShard(2, true);
            other.await(
                    Duration.ofSeconds(30),
                    "the shard waits for a token",
                    status -> status.getIdentify().getQueued() > 0);
            assertThat(world.discord.stats().identifies()).isEqualTo(4);
            assertThat(ControlProbe.ready(other.status().orElseThrow())).isEqualTo(1);

            world.restartGw();
            var _ = other.awaitAllReady(Duration.ofSeconds(60), 2);
            assertKept(world, 5);
        });
    }
}
