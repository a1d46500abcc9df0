package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.bot.BotAnswer;
import gw.sim.bot.EventHead;
import gw.sim.check.Balance;
import gw.sim.check.LedgerCheck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/** Lists of events keep what single ones keep, whoever dies and whatever fails (P1, P2, P3). */
@Timeout(240)
class BatchesIT {
    private static final int SHARDS = 12;
    private static final int RATE = 1_500;
    private static final int CONCURRENCY = 16;
    private static final int MOST = 32;

    @TempDir private Path dir;

    private World begin() {
        World world =
                World.start(
                        dir,
                        World.quick(SHARDS, 4, 240),
                        "--shards-per-cluster",
                        "3",
                        "--max-clusters",
                        "4",
                        "--batch-max",
                        Integer.toString(MOST),
                        "--batch-linger",
                        "2ms",
                        "--delivery-concurrency",
                        Integer.toString(CONCURRENCY),
                        "--delivery-timeout",
                        "5s");
        var _ = world.awaitReady(SHARDS);
        world.discord.rate(RATE);
        world.control.await(
                Duration.ofSeconds(20),
                "events flow",
                status -> status.getDelivery().getDelivered() > RATE);
        return world;
    }

    /** The same for each try of an event, and another for the next: in a thousand, so many. */
    private static Predicate<EventHead> some(int from, int many) {
        return event -> {
            int chance = Math.floorMod((event.id() + "/" + event.attempt()).hashCode() * 31, 1_000);
            return chance >= from && chance < from + many;
        };
    }

    private static BotAnswer failingAtRandom() {
        BotAnswer others =
                new BotAnswer.Only(
                        some(10, 3),
                        new BotAnswer.Reset(),
                        new BotAnswer.Only(some(20, 1), new BotAnswer.Hang(), new BotAnswer.Ok()));
        return new BotAnswer.Only(some(0, 10), new BotAnswer.Status(500), others);
    }

    private static void killWorker(World world, int worker) {
        long pid = world.workerPid(worker);
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).hasValue(true);
        world.control.await(
                Duration.ofSeconds(40),
                "worker " + worker + " is replaced and its shards are ready",
                status ->
                        ControlProbe.ready(status) == SHARDS
                                && status.getWorkers(worker).getPid() != pid);
    }

    private static void awaitSettled(World world, long more) {
        long before = world.bot.count();
        Wait.untilTrue(
                Duration.ofSeconds(30),
                () -> world.bot.count() > before + more,
                () -> "the bot took no more than " + (world.bot.count() - before));
    }

    @Test
    void keepWhatSingleEventsKeepWhoeverDiesAndWhateverFails() throws IOException {
        try (World world = begin()) {
            long retries = world.status().getDelivery().getRetries();
            world.bot.answer(failingAtRandom());
            killWorker(world, 1);
            world.control.await(
                    Duration.ofSeconds(30),
                    "lists fail",
                    status -> status.getDelivery().getRetries() > retries + 50);
            // What came again had not been settled: neither the list that failed nor any of it.
            assertThat(redelivered(world)).isZero();

            world.bot.down();
            world.control.await(
                    Duration.ofSeconds(30),
                    "events gather",
                    status -> status.getDelivery().getQueuedEvents() > 3L * RATE);
            world.killGw();
            world.restartGw();
            world.bot.up();
            // In the middle of full lists.
            awaitSettled(world, RATE);
            world.killGw();
            world.restartGw();
            awaitSettled(world, RATE);
            world.bot.answer(new BotAnswer.Ok());

            Balance balance = world.settle();
            assertThat(balance.received()).as(world::story).isEqualTo(balance.sent());
            // What was on its way when the bot went, and at each of two deaths.
            assertThat(balance.redelivered()).isLessThanOrEqualTo(3L * CONCURRENCY * MOST);
            assertThat(world.bot.requests()).isLessThan(world.bot.count() / 2);
            assertThat(world.status().getDelivery().getDeadLettered()).isZero();
            world.assertNothingWasted(SHARDS);
            assertThat(world.discord.stats().sessionsEnded()).isZero();
        }
    }

    private static long redelivered(World world) {
        return LedgerCheck.check(world.discord.ledger(), world.bot.received()).redelivered();
    }

    /** One event that the bot can't take costs those that went with it nothing but a second try. */
    @Test
    void setAsideJustTheEventThatTheBotRefuses() {
        try (World world = begin()) {
            world.bot.answer(
                    new BotAnswer.Only(
                            event -> Math.floorMod(event.id().hashCode(), 500) == 0,
                            new BotAnswer.Status(422),
                            new BotAnswer.Ok()));
            world.control.await(
                    Duration.ofSeconds(30),
                    "dead letters",
                    status -> status.getDelivery().getDeadLettered() >= 10);
            world.discord.rate(0);
            var last =
                    world.control.await(
                            Duration.ofSeconds(30),
                            "the rest came",
                            status -> status.getDelivery().getQueuedEvents() == 0);
            Balance balance = LedgerCheck.check(world.discord.ledger(), world.bot.received());
            assertThat(balance.missing())
                    .as(balance::explain)
                    .isEqualTo(last.getDelivery().getDeadLettered());
            assertThat(balance.outOfOrder()).isZero();
            assertThat(balance.redelivered()).isZero();
            assertThat(balance.senderFaults()).isEmpty();
        }
    }
}
