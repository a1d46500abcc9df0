package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.InteractionStatus;
import gw.sim.bot.BotAnswer;
import gw.sim.bot.EventHead;
import gw.sim.check.Balance;
import gw.sim.fault.Fault;
import gw.sim.gateway.SimEvent;
import gw.sim.interaction.InteractionStats;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** While the bot is away its users' interactions stay alive, and it is told which (P1, P3, P5). */
@Timeout(180)
class DeferIT {
    private static final int SHARDS = 2;
    private static final int GUILDS = 40;
    private static final String TOKEN = "aW50ZXJhY3Rpb24.of-a-test-";

    @TempDir private Path dir;

    private final Map<String, EventHead> heads = new ConcurrentHashMap<>();

    private World begin(String... options) {
        String[] all =
                Stream.concat(Stream.of("--defer-interactions", "ephemeral"), Stream.of(options))
                        .toArray(String[]::new);
        World world = World.start(dir, World.quick(SHARDS, 2, GUILDS), all);
        var _ = world.awaitReady(SHARDS);
        return world;
    }

    /** A guild's first event that hangs would keep its interaction from the bot altogether. */
    private static void awaitTheGuilds(World world) {
        Wait.until(
                Duration.ofSeconds(20),
                () -> Optional.of(world.bot.count()).filter(seen -> seen >= SHARDS + GUILDS),
                world::story);
        assertThat(world.settle().balanced()).isTrue();
    }

    /** Sees each head that comes, the last one of an event in the end, and changes nothing. */
    private BotAnswer watched(BotAnswer answer) {
        return new BotAnswer.Only(
                head -> {
                    heads.put(head.id(), head);
                    return true;
                },
                answer,
                answer);
    }

    private static void interaction(World world, int number, int type) {
        long guild = world.discord.guildIds().get(number);
        String data =
                "{\"type\":"
                        + type
                        + ",\"token\":\""
                        + TOKEN
                        + number
                        + "\",\"id\":\""
                        + (1_300_000_000_000_000_000L + number)
                        + "\",\"application_id\":\"77\",\"guild_id\":\""
                        + guild
                        + "\"}";
        world.discord.emit(
                new SimEvent("INTERACTION_CREATE", guild, data.getBytes(StandardCharsets.UTF_8)));
    }

    private static InteractionStats await(World world, Predicate<InteractionStats> wanted) {
        return Wait.until(
                Duration.ofSeconds(20),
                () -> Optional.of(world.discord.stats().interactions()).filter(wanted),
                world::story);
    }

    private static int followUp(World world, int number) throws Exception {
        URI original =
                URI.create(
                        world.discord.apiUrl()
                                + "/v10/webhooks/77/"
                                + TOKEN
                                + number
                                + "/messages/@original");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(original)
                                    .header("Content-Type", "application/json")
                                    .method(
                                            "PATCH",
                                            HttpRequest.BodyPublishers.ofString(
                                                    "{\"content\":\"done\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private void assertNoTokenShows(World world) throws IOException {
        assertThat(world.gw.output()).doesNotContain(TOKEN);
        assertThat(world.status().toString()).doesNotContain(TOKEN);
        try (Stream<Path> files = Files.walk(world.state.resolve("workers"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(TOKEN);
            }
        }
    }

    @Test
    void answersInThePlaceOfABotThatIsDownAndTellsItSo() throws Exception {
        try (World world = begin()) {
            world.bot.down();
            world.bot.answer(watched(new BotAnswer.Ok()));
            for (int type = 2; type <= 5; type++) {
                interaction(world, type, type);
            }
            InteractionStats stats = await(world, seen -> seen.acknowledgedInAll() == 3);
            assertThat(stats.acknowledged()).isEqualTo(Map.of("5", 1L, "6", 1L, "8", 1L));
            assertThat(stats.tooLate()).isZero();
            InteractionStatus status =
                    world.control
                            .await(
                                    Duration.ofSeconds(5),
                                    "deferred",
                                    seen -> seen.getInteractions().getDeferredCommands() == 1)
                            .getInteractions();
            assertThat(status.getMode()).isEqualTo("ephemeral");
            assertThat(status.getFailed() + status.getTooLate() + status.getLimited()).isZero();
            // The next supervisor knows it, too.
            world.killGw();
            world.restartGw();
            world.bot.up();
            Balance balance = world.settle();
            assertThat(balance.received()).isEqualTo(balance.sent());
            assertThat(
                            heads.values().stream()
                                    .filter(head -> head.name().equals("INTERACTION_CREATE"))
                                    .map(EventHead::deferredBy))
                    .containsExactlyInAnyOrder(5, 6, 8, 0);
            assertThat(followUp(world, 2)).isEqualTo(200);
            assertThat(followUp(world, 3)).isEqualTo(200);
            assertThat(followUp(world, 5)).isEqualTo(404);
            world.assertNothingWasted(SHARDS);
            assertNoTokenShows(world);
        }
    }

    @Test
    void waitsTwoSecondsForABotThatIsThere() throws Exception {
        try (World world = begin("--delivery-timeout", "4s")) {
            awaitTheGuilds(world);
            world.bot.answer(watched(new BotAnswer.Hang()));
            long sent = System.nanoTime();
            interaction(world, 1, 2);
            await(world, seen -> seen.acknowledgedInAll() == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - sent))
                    .isBetween(Duration.ofMillis(1_900), Duration.ofSeconds(3));
            assertThat(heads.values()).allMatch(head -> head.deferredBy() == 0);
            world.bot.answer(watched(new BotAnswer.Ok()));
            assertThat(world.settle().balanced()).isTrue();
            assertThat(heads.values())
                    .anySatisfy(head -> {
                        assertThat(head.deferredBy()).isEqualTo(5);
                        assertThat(head.attempt()).isEqualTo(2);
                    });
            // A bot that settles in time is left alone.
            for (int i = 2; i < 30; i++) {
                interaction(world, i, 2);
            }
            TimeUnit.SECONDS.sleep(3);
            InteractionStats stats = world.discord.stats().interactions();
            assertThat(stats.sent()).isEqualTo(29);
            assertThat(stats.acknowledgedInAll()).isEqualTo(1);
            assertThat(world.status().getInteractions().getWaiting()).isZero();
        }
    }

    /** Every kind of event around them, and a Discord that has troubles of its own. */
    @Test
    void keepsItsPaceInACrowdAndThroughFaults() throws Exception {
        try (World world = begin()) {
            world.bot.down();
            world.discord.rate(1_000);
            for (String fault : new String[] {"429", "502", "503", "429", "504", "400"}) {
                await(world, statsAfter(world.discord.stats().interactions().sent() + 20));
                world.discord.inject(Fault.named("interaction-" + fault));
            }
            await(world, statsAfter(world.discord.stats().interactions().sent() + 20));
            world.discord.rate(0);
            TimeUnit.SECONDS.sleep(3);
            var status = world.status().getInteractions();
            long deferred =
                    status.getDeferredCommands()
                            + status.getDeferredComponents()
                            + status.getDeferredAutocompletes();
            InteractionStats stats = world.discord.stats().interactions();
            assertThat(stats.acknowledgedInAll()).as(world::story).isEqualTo(deferred);
            assertThat(deferred).isGreaterThan(stats.sent() / 2);
            assertThat(stats.limited()).isEqualTo(2);
            assertThat(status.getFailed()).isEqualTo(1);
            assertThat(status.getTooLate() + status.getLimited())
                    .as(() -> status + "\n" + world.story())
                    .isZero();
            world.bot.up();
            Balance balance = world.settle();
            assertThat(balance.received()).isEqualTo(balance.sent());
            world.assertNothingWasted(SHARDS);
        }
    }

    private static Predicate<InteractionStats> statsAfter(long sent) {
        return seen -> seen.sent() >= sent;
    }

    @Test
    void isOffUnlessItIsAskedFor() throws Exception {
        try (World world = World.start(dir, World.quick(SHARDS, 2, GUILDS))) {
            var _ = world.awaitReady(SHARDS);
            world.bot.down();
            interaction(world, 1, 2);
            TimeUnit.SECONDS.sleep(3);
            assertThat(world.discord.stats().interactions().acknowledgedInAll()).isZero();
            assertThat(world.status().getInteractions().getMode()).isEqualTo("off");
        }
    }
}
