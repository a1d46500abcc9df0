package gw.supervisor.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.model.Secret;
import gw.record.RecordKind;
import gw.record.RecordView;
import gw.supervisor.delivery.http.HttpSink;
import gw.supervisor.delivery.http.HttpSinkSettings;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogLimits;
import gw.supervisor.log.Logs;
import gw.supervisor.log.Records;
import gw.supervisor.log.SegmentLog;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Each event reaches the bot, in its guild's order, whatever the bot answers (P1, P2, P3). */
@Timeout(60)
class DeliveryTest {
    @TempDir private Path dir;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final List<DeadLetters> toClose = new ArrayList<>();
    private SegmentLog log;

    @BeforeEach
    void openLog() {
        log = Logs.open(dir.resolve("log"), LogLimits.of(100_000_000, 1_000_000), loop);
    }

    @AfterEach
    void stop() {
        toClose.forEach(DeadLetters::close);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void postsThePayloadAsItCameWithItsIdentity() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), 8);
            append(delivery, new Records().add(100, "abc", 7, 5, "{\"op\":0,\"d\":\"ä\"}"));
            ScriptedBot.Request request = bot.next();
            assertThat(request.line()).isEqualTo("POST /events?key=hidden HTTP/1.1");
            assertThat(request.body())
                    .isEqualTo("{\"shardId\":100,\"data\":{\"op\":0,\"d\":\"ä\"}}");
            assertThat(request.header("Content-Type")).isEqualTo("application/json");
            assertThat(request.header("Authorization")).isEqualTo("Bearer secret");
            assertThat(request.header("X-Gw-Event-Id")).isEqualTo("abc:7");
            assertThat(request.header("X-Gw-Event-Name")).isEqualTo("MESSAGE_CREATE");
            assertThat(request.header("X-Gw-Shard-Id")).isEqualTo("100");
            assertThat(request.header("X-Gw-Shard-Count")).isEqualTo("10");
            assertThat(request.header("X-Gw-Attempt")).isEqualTo("1");
            DeliveryStats stats = await(delivery, 1);
            assertThat(stats.log().events()).isZero();
            assertThat(stats.oldestAgeMillis()).isZero();
        }
    }

    /** P2: the bot can tell a guild that it has long had from one that it has just joined. */
    @Test
    void saysThatAnEventOnlyStartsTheNextGeneration() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), 1);
            byte[] batch =
                    new Records()
                            .add(RecordKind.START_UP, "GUILD_CREATE", 3, "n", 2, 5, 1, "{\"d\":{}}")
                            .add(
                                    RecordKind.RESHARDED,
                                    "GW_RESHARDED",
                                    0,
                                    "reshard.1",
                                    1,
                                    0,
                                    1,
                                    "{}")
                            .add("GUILD_CREATE", 3, "n", 3, 6, 1, "{\"d\":{}}")
                            .batch();
            loop.execute(() -> {
                assertThat(log.appendOwn(batch, 0, batch.length).accepted()).isEqualTo(3);
                delivery.wake();
            });
            ScriptedBot.Request request = bot.next();
            assertThat(request.header("X-Gw-Start-Up")).isEqualTo("reshard");
            assertThat(request.header("X-Gw-Event-Id")).isEqualTo("n:2");
            assertThat(request.header("X-Gw-Event-Name")).isEqualTo("GUILD_CREATE");
            assertThat(request.body()).isEqualTo("{\"shardId\":3,\"data\":{\"d\":{}}}");
            request = bot.next();
            assertThat(request.headers()).doesNotContainKey("x-gw-start-up");
            assertThat(request.header("X-Gw-Event-Id")).isEqualTo("reshard.1:1");
            assertThat(request.header("X-Gw-Event-Name")).isEqualTo("GW_RESHARDED");
            request = bot.next();
            assertThat(request.headers()).doesNotContainKey("x-gw-start-up");
            assertThat(request.header("X-Gw-Event-Id")).isEqualTo("n:3");
        }
    }

    @Test
    void keepsAGuildsOrderWhileOthersGoBeside() throws Exception {
        Map<String, Integer> under = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        Random random = new Random(4);
        try (ScriptedBot bot =
                new ScriptedBot(request -> {
                    String guild = request.body().replaceAll(".*\"g(\\d+)-.*", "$1");
                    assertThat(under.merge(guild, 1, Integer::sum)).isEqualTo(1);
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    var _ = new CountDownLatch(1).await(random.nextInt(5), TimeUnit.MILLISECONDS);
                    now.decrementAndGet();
                    under.merge(guild, -1, Integer::sum);
                    return random.nextInt(10) == 0 ? ScriptedBot.status(500) : ScriptedBot.OK;
                })) {
            DeliveryLoop delivery = delivery(bot.url(), 8);
            Records records = new Records();
            for (int i = 1; i <= 400; i++) {
                int guild = i % 20;
                records.add(0, "s", i, guild + 1, "\"g" + guild + "-" + i + "\"");
            }
            append(delivery, records);
            await(delivery, 400);
            Map<String, Integer> last = new HashMap<>();
            for (ScriptedBot.Request request : bot.requests) {
                String guild = request.body().replaceAll(".*\"g(\\d+)-.*", "$1");
                int number = Integer.parseInt(request.body().replaceAll(".*-(\\d+).*", "$1"));
                assertThat(number).isGreaterThanOrEqualTo(last.getOrDefault(guild, 0));
                last.put(guild, number);
            }
            assertThat(most.get()).isBetween(4, 8);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 403, 404, 408, 500, 502, 503})
    void keepsWhatTheBotDidNotTake(int status) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(_ ->
                        calls.incrementAndGet() <= 3
                                ? ScriptedBot.status(status)
                                : ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), 4);
            append(delivery, new Records().add(0, "s", 1, 5, "1"));
            DeliveryStats stats = await(delivery, 1);
            assertThat(stats.retries()).isEqualTo(3);
            assertThat(stats.lastError()).contains("HTTP " + status);
            for (String attempt : List.of("1", "2", "3", "4")) {
                assertThat(bot.next().header("X-Gw-Attempt")).isEqualTo(attempt);
            }
        }
    }

    @Test
    void aWrongSecretIsSaidLoudlyAndNothingIsLost() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.status(401))) {
            DeliveryLoop delivery = delivery(bot.url(), 4);
            append(delivery, new Records().add(0, "s", 1, 5, "1").add(0, "s", 2, 6, "2"));
            bot.next();
            bot.next();
            DeliveryStats stats = delivery.stats().get();
            while (stats.problem().isEmpty()) {
                // The answer is under way.
                stats = delivery.stats().get();
            }
            assertThat(stats.problem().orElseThrow()).contains("URL or secret is wrong");
            assertThat(stats.healthy()).isFalse();
            assertThat(delivery.stop(Duration.ofMillis(50)).get()).isEqualTo(2);
        }
    }

    @Test
    void obeysRetryAfterForAllEvents() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(_ ->
                        calls.incrementAndGet() == 1
                                ? ScriptedBot.status(429, "Retry-After: 1")
                                : ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), 1);
            long start = System.nanoTime();
            append(delivery, new Records().add(0, "s", 1, 5, "1").add(0, "s", 2, 6, "2"));
            await(delivery, 2);
            assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(990));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void aBadEventGoesToTheDeadLettersAndDoesNotHoldItsGuildUp(int status) throws Exception {
        try (ScriptedBot bot =
                new ScriptedBot(request ->
                        request.body().contains("bad")
                                ? ScriptedBot.status(status)
                                : ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), 4);
            append(
                    delivery,
                    new Records()
                            .add(0, "s", 1, 5, "{\"x\":\n\"bad\"}")
                            .add(0, "s", 2, 5, "{\"x\":\"good\"}"));
            DeliveryStats stats = await(delivery, 1);
            assertThat(stats.deadLettered()).isEqualTo(1);
            assertThat(stats.retries()).isEqualTo(3);
            toClose.forEach(DeadLetters::close);
            assertThat(Files.readAllLines(dir.resolve("dead.jsonl")))
                    .singleElement()
                    .asString()
                    .contains("\"id\":\"s:1\"")
                    .contains("\"status\":" + status)
                    .endsWith("\"data\":{\"x\": \"bad\"}}");
        }
    }

    @Test
    void aBotThatIsAwayIsAwaitedByOneProbeAtATime() throws Exception {
        ScriptedBot first = new ScriptedBot(_ -> ScriptedBot.OK);
        URI url = first.url();
        first.close();
        DeliveryLoop delivery = delivery(url, 64);
        Records records = new Records();
        for (int i = 1; i <= 500; i++) {
            records.add(0, "s", i, i, "1");
        }
        append(delivery, records);
        DeliveryStats stats = delivery.stats().get();
        while (stats.retries() < 66) {
            stats = delivery.stats().get();
        }
        assertThat(stats.problem().orElseThrow()).contains("connection refused");
        assertThat(stats.log().events()).isEqualTo(500);
        assertThat(stats.inFlight()).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage garbage\r\n\r\n",
                "HTTP/1.1 abc X\r\n\r\n",
                "SSH-2.0-OpenSSH\r\n",
                "\0\0\0\0\0\0\0\0"
            })
    void garbageFromTheBotIsARetry(String garbage) throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(_ -> calls.incrementAndGet() <= 2 ? garbage : ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), 4);
            append(delivery, new Records().add(0, "s", 1, 5, "1"));
            assertThat(await(delivery, 1).retries()).isEqualTo(2);
        }
    }

    @Test
    void hugeHeadersAndEndlessBodiesAreBounded() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(_ ->
                        switch (calls.incrementAndGet()) {
                            case 1 -> "HTTP/1.1 200 OK\r\nX: " + "y".repeat(1_000_000) + "\r\n\r\n";
                            case 2 ->
                                    "HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n"
                                            + "z".repeat(2_000_000);
                            default -> ScriptedBot.OK;
                        })) {
            DeliveryLoop delivery = delivery(bot.url(), 1);
            append(delivery, new Records().add(0, "s", 1, 5, "1").add(0, "s", 2, 5, "2"));
            DeliveryStats stats = await(delivery, 2);
            assertThat(stats.retries()).isEqualTo(1);
        }
    }

    @Test
    void aBotThatNeverAnswersTimesOut() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(_ -> {
                    if (calls.incrementAndGet() == 1) {
                        var _ = new CountDownLatch(1).await(30, TimeUnit.SECONDS);
                    }
                    return ScriptedBot.OK;
                })) {
            DeliveryLoop delivery = delivery(bot.url(), 4);
            append(delivery, new Records().add(0, "s", 1, 5, "1"));
            assertThat(await(delivery, 1).lastError()).contains("no answer within 1000 ms");
        }
    }

    @Test
    void anIdleConnectionThatTheBotClosedIsNoFailure() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(_ -> calls.incrementAndGet() == 2 ? "" : ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), 1);
            append(delivery, new Records().add(0, "s", 1, 5, "1"));
            await(delivery, 1);
            append(delivery, new Records().add(0, "s", 2, 5, "2"));
            assertThat(await(delivery, 2).retries()).isZero();
        }
    }

    @Test
    void stoppingDeliversWhatItCan() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), 2);
            Records records = new Records();
            for (int i = 1; i <= 300; i++) {
                records.add(0, "s", i, i, "1");
            }
            append(delivery, records);
            assertThat(delivery.stop(Duration.ofSeconds(20)).get()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x/", "x", "http:///p", "https://user:pw@host/"})
    void refusesAUrlThatCanNotBePostedTo(String url) {
        assertThatThrownBy(() -> sink(URI.create(url), Deferrals.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("url: ")
                .message()
                .doesNotContain("pw");
    }

    @Test
    void showsItsTargetWithoutTheQuery() {
        assertThat(sink(URI.create("https://bot.test:8443/a?token=x"), Deferrals.NONE).target())
                .isEqualTo("https://bot.test:8443/a?...");
    }

    private void append(DeliveryLoop delivery, Records records) {
        var batch = records.batch();
        loop.execute(() -> {
            assertThat(log.append(batch).problem()).isEmpty();
            delivery.wake();
        });
    }

    /** One payload that breaks the bot, in any way, must not stop what others get. */
    @ParameterizedTest
    @CsvSource({"500,8", "500,1", "404,8", "404,1", "429,1", "0,8", "0,1"})
    void oneEventThatAlwaysFailsHoldsUpItsOwnGuildAlone(int status, int concurrency)
            throws Exception {
        try (ScriptedBot bot =
                new ScriptedBot(request ->
                        request.body().contains("poison")
                                ? (status == 0 ? "" : ScriptedBot.status(status))
                                : ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot.url(), concurrency);
            Records records = new Records().add(0, "s", 1, 666, "\"poison\"");
            for (int i = 2; i <= 200; i++) {
                records.add(0, "s", i, 1000 + i % 20, "\"fine\"");
            }
            append(delivery, records);
            DeliveryStats stats = await(delivery, 199);
            assertThat(stats.log().events()).isEqualTo(1);
        }
    }

    /** A guild whose head fails for hours gathers more than is read ahead; the others go on. */
    @Test
    void aStuckGuildDoesNotShutTheWindowForOthers() throws Exception {
        try (ScriptedBot bot =
                new ScriptedBot(request ->
                        request.body().contains("poison")
                                ? ScriptedBot.status(500)
                                : ScriptedBot.OK)) {
            DeliveryLoop delivery =
                    delivery(
                            bot.url(),
                            new DeliverySettings(8, 10, 1_000_000, 3, BatchSettings.NONE));
            append(delivery, new Records().add(0, "s", 1, 666, "\"poison\""));
            DeliveryStats stats = delivery.stats().get();
            while (stats.retries() == 0) {
                stats = delivery.stats().get();
            }
            Records records = new Records();
            for (int i = 2; i <= 200; i++) {
                records.add(0, "s", i, i % 2 == 0 ? 666 : 5, "\"fine\"");
            }
            append(delivery, records);
            assertThat(await(delivery, 99).log().events()).isEqualTo(101);
        }
    }

    /** P1, P7: what a stuck guild gathers is bounded, too, and what goes is announced in place. */
    @Test
    void whatAStuckGuildGathersIsDroppedAtTheLimitAndAnnouncedInItsPlace() throws Exception {
        log = Logs.open(dir.resolve("small"), LogLimits.of(100_000_000, 50), loop);
        AtomicBoolean healed = new AtomicBoolean();
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        try (ScriptedBot bot =
                new ScriptedBot(request -> {
                    if (!healed.get()) {
                        return ScriptedBot.status(500);
                    }
                    got.add(request.body());
                    return ScriptedBot.OK;
                })) {
            DeliveryLoop delivery =
                    delivery(
                            bot.url(),
                            new DeliverySettings(1, 1_000, 1_000_000, 3, BatchSettings.NONE));
            append(delivery, new Records().add(0, "s", 1, 666, "1"));
            DeliveryStats stats = delivery.stats().get();
            while (stats.retries() == 0) {
                stats = delivery.stats().get();
            }
            for (int i = 2; i <= 200; i++) {
                append(delivery, new Records().add(0, "s", i, 666, Integer.toString(i)));
            }
            stats = delivery.stats().get();
            // And the announcement itself.
            assertThat(stats.log().events()).isLessThanOrEqualTo(51);
            assertThat(stats.log().dropped()).isPositive();
            healed.set(true);
            while (stats.log().events() > 0) {
                stats = delivery.stats().get();
            }
        }
        int last = 0;
        long announced = 0;
        for (String body : got) {
            if (body.contains("GW_GAP")) {
                announced += Long.parseLong(body.replaceAll(".*\"events\":([0-9]+).*", "$1"));
                int from = Integer.parseInt(body.replaceAll(".*\"from\":\"s:([0-9]+)\".*", "$1"));
                assertThat(from).as(body).isEqualTo(last + 1);
                last = Integer.parseInt(body.replaceAll(".*\"to\":\"s:([0-9]+)\".*", "$1"));
            } else {
                int number = Integer.parseInt(body.replaceAll(".*\"data\":([0-9]+)}", "$1"));
                assertThat(number).as(got::toString).isEqualTo(last + 1);
                last = number;
            }
        }
        assertThat(last).isEqualTo(200);
        assertThat(announced)
                .isEqualTo(200 - got.stream().filter(b -> !b.contains("GW_GAP")).count());
    }

    /** Whoever answers in the bot's place: keeps what it heard, and says that it did. */
    private static final class Watching implements Deferrals {
        @Override
        public boolean keeps(LogEntry entry) {
            return true;
        }

        private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
        private final RecordView view = new RecordView();

        @Override
        public int callbackType(RecordView record) {
            return heard.isEmpty() ? 0 : 6;
        }

        @Override
        public void settled(LogEntry entry) {
            entry.view(view);
            heard.add("settled " + view.sequence());
        }

        @Override
        public void botAway(boolean away) {
            heard.add(away ? "away" : "back");
        }
    }

    @Test
    void whoAnswersInTheBotsPlaceHearsAllAndTheBotIsTold() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        Watching watching = new Watching();
        try (ScriptedBot bot =
                new ScriptedBot(_ ->
                        calls.incrementAndGet() == 1
                                ? ScriptedBot.status(404)
                                : calls.get() < 5 ? ScriptedBot.status(400) : ScriptedBot.OK)) {
            DeliveryLoop delivery =
                    delivery(
                            bot.url(),
                            DeliverySettings.of(
                                    1, BatchSettings.NONE, LogLimits.of(100_000_000, 1_000_000)),
                            watching);
            append(delivery, new Records().add(0, "s", 1, 5, "1").add(0, "s", 2, 5, "2"));
            var _ = await(delivery, 1);
            assertThat(bot.next().header("X-Gw-Deferred")).isEmpty();
            assertThat(bot.next().header("X-Gw-Deferred")).isEqualTo("6");
        }
        // The first one was given up: nobody waits for it any more.
        assertThat(watching.heard).containsExactly("away", "back", "settled 1", "settled 2");
    }

    /**
     * P1, P7: the limit drops what is stuck while the bot is away; looking at it must not break.
     */
    @Test
    void anOutageBeyondTheLimitIsSurvivedAndSeen() throws Exception {
        log = Logs.open(dir.resolve("small"), LogLimits.of(100_000_000, 64), loop);
        AtomicBoolean healed = new AtomicBoolean();
        AtomicInteger got = new AtomicInteger();
        AtomicInteger announced = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(request -> {
                    if (!healed.get()) {
                        return ScriptedBot.status(503);
                    }
                    if (request.body().contains("GW_GAP")) {
                        announced.addAndGet(
                                Integer.parseInt(
                                        request.body()
                                                .replaceAll(".*\"events\":([0-9]+).*", "$1")));
                    } else {
                        got.incrementAndGet();
                    }
                    return ScriptedBot.OK;
                })) {
            DeliveryLoop delivery = delivery(bot.url(), 8);
            DeliveryStats stats = delivery.stats().get();
            for (int i = 1; i <= 400; i++) {
                append(delivery, new Records().add(0, "s", i, 600 + i % 16, Integer.toString(i)));
                stats = delivery.stats().get();
            }
            assertThat(stats.log().dropped()).isPositive();
            healed.set(true);
            while (stats.log().events() > 0) {
                stats = delivery.stats().get();
            }
            assertThat(got.get() + announced.get()).isEqualTo(400);
        }
    }

    private static DeliveryStats await(DeliveryLoop delivery, long delivered) throws Exception {
        DeliveryStats stats = delivery.stats().get();
        while (stats.delivered() < delivered) {
            stats = delivery.stats().get();
        }
        return stats;
    }

    private DeliveryLoop delivery(URI url, int concurrency) {
        return delivery(
                url,
                DeliverySettings.of(
                        concurrency, BatchSettings.NONE, LogLimits.of(100_000_000, 1_000_000)));
    }

    private DeliveryLoop delivery(URI url, DeliverySettings settings) {
        return delivery(url, settings, Deferrals.NONE);
    }

    private DeliveryLoop delivery(URI url, DeliverySettings settings, Deferrals deferrals) {
        DeadLetters dead =
                new DeadLetters(
                        dir.resolve("dead.jsonl"),
                        DeadLetters.DEFAULT_MAX_FILE_BYTES,
                        InstantSource.system());
        toClose.add(dead);
        return new DeliveryLoop(
                loop,
                log,
                sink(url, deferrals),
                dead,
                settings,
                InstantSource.system(),
                new Random(1),
                deferrals);
    }

    private HttpSink sink(URI url, Deferrals deferrals) {
        return new HttpSink(
                loop,
                NioSocketChannel::new,
                new HttpSinkSettings(
                        url,
                        Optional.of(Secret.of("Bearer secret")),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        "gw-test",
                        false),
                InstantSource.system(),
                System::nanoTime,
                deferrals);
    }
}
