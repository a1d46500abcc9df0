package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.bot.BotAnswer;
import gw.sim.check.Balance;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Whatever the bot does: nothing is lost below the limit, and above it a gap is announced (P1). */
@Timeout(180)
class BotTroubleIT {
    private static final int SHARDS = 2;

    @TempDir private Path dir;

    private World begin(String... options) {
        World world = World.start(dir, World.quick(SHARDS, 2, 40), options);
        var _ = world.awaitReady(SHARDS);
        world.discord.rate(400);
        world.control.await(
                Duration.ofSeconds(20),
                "events",
                status -> status.getDelivery().getDelivered() > 200);
        return world;
    }

    private static void assertAllCame(World world) {
        Balance balance = world.settle();
        assertThat(balance.announcedLost()).isZero();
        assertThat(balance.received()).isEqualTo(balance.sent());
        world.assertNothingWasted(SHARDS);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void keepsEverythingWhileTheBotIsDownForTwentySeconds() throws Exception {
        try (World world = begin()) {
            world.bot.down();
            TimeUnit.SECONDS.sleep(20);
            var status = world.status();
            assertThat(status.getDelivery().getHealthy()).isFalse();
            assertThat(status.getDelivery().getQueuedEvents()).isGreaterThan(7_000);
            assertThat(status.getDelivery().getLastError()).contains("connection refused");
            assertThat(ControlProbe.ready(status)).isEqualTo(SHARDS);
            world.bot.up();
            assertAllCame(world);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void keepsEverythingWhileTheBotIsSlow() throws Exception {
        try (World world = begin("--delivery-concurrency", "16")) {
            world.bot.answer(new BotAnswer.Delay(Duration.ofMillis(80)));
            TimeUnit.SECONDS.sleep(8);
            world.bot.answer(new BotAnswer.Ok());
            assertAllCame(world);
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void keepsEverythingWhileTheBotAnswersErrors() throws Exception {
        try (World world = begin("--delivery-timeout", "2s")) {
            for (BotAnswer answer :
                    new BotAnswer[] {
                        new BotAnswer.Status(500),
                        new BotAnswer.Status(503),
                        new BotAnswer.Status(429, Optional.of(Duration.ofSeconds(2))),
                        new BotAnswer.Status(401),
                        new BotAnswer.Status(404),
                        new BotAnswer.Reset(),
                        new BotAnswer.Hang()
                    }) {
                long retries = world.status().getDelivery().getRetries();
                world.bot.answer(answer);
                world.control.await(
                        Duration.ofSeconds(20),
                        "tries that failed with " + answer,
                        status -> status.getDelivery().getRetries() > retries + 1);
                if (answer instanceof BotAnswer.Status(int code, Optional<Duration> _)
                        && code == 401) {
                    assertThat(world.status().getProblemsList())
                            .anyMatch(problem -> problem.contains("URL or secret is wrong"));
                }
                world.bot.answer(new BotAnswer.Ok());
            }
            assertAllCame(world);
        }
    }

    /** One event that the bot can't take must not hold its guild up for ever. */
    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void putsAnEventThatTheBotRefusesAsideAndGoesOn() throws IOException {
        try (World world = begin()) {
            world.bot.answer(
                    new BotAnswer.Only(
                            event -> event.name().equals("TYPING_START"),
                            new BotAnswer.Status(413),
                            new BotAnswer.Ok()));
            var status =
                    world.control.await(
                            Duration.ofSeconds(30),
                            "dead letters",
                            seen -> seen.getDelivery().getDeadLettered() >= 5);
            world.bot.answer(new BotAnswer.Ok());
            world.discord.rate(0);
            var last =
                    world.control.await(
                            Duration.ofSeconds(30),
                            "the rest came",
                            seen -> seen.getDelivery().getQueuedEvents() == 0);
            Path file = Path.of(status.getDelivery().getDeadLetterFile());
            var lines = Files.readAllLines(file);
            assertThat(lines).hasSize((int) last.getDelivery().getDeadLettered());
            assertThat(lines)
                    .allMatch(line -> line.contains("\"name\":\"TYPING_START\""))
                    .allMatch(line -> line.contains("\"status\":413"));
            long received = world.bot.received().events().size();
            assertThat(received + lines.size()).isEqualTo(world.discord.ledger().count());
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void announcesTheGapWhenTheQueueIsFull() throws Exception {
        try (World world = begin("--queue-max-events", "1000")) {
            world.bot.down();
            var full =
                    world.control.await(
                            Duration.ofSeconds(40),
                            "events are dropped",
                            status -> status.getDelivery().getDropped() > 2_000);
            assertThat(full.getDelivery().getQueuedEvents()).isLessThanOrEqualTo(1_100);
            world.bot.up();
            Balance balance = world.settle();
            var end = world.status().getDelivery();
            assertThat(balance.announcedLost()).isEqualTo(end.getDropped());
            assertThat(end.getGaps()).isPositive();
            world.assertNothingWasted(SHARDS);
        }
    }
}
