package gw.supervisor.delivery;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many events in one POST: none lost, none out of order, one bad one alone (P1, P2, P3). */
@Timeout(60)
class BatchedDeliveryTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path dir;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final List<DeadLetters> toClose = new ArrayList<>();

    private Duration timeout = Duration.ofSeconds(10);

    @SuppressWarnings("NullAway.Init")
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

    /** Deferred: the events whose payload says so. */
    private static final class SomeDeferred implements Deferrals {
        @Override
        public int callbackType(RecordView record) {
            return record.payloadText().contains("later") ? 5 : 0;
        }

        @Override
        public boolean keeps(LogEntry entry) {
            return false;
        }

        @Override
        public void settled(LogEntry entry) {}

        @Override
        public void botAway(boolean away) {}
    }

    private DeliveryLoop delivery(ScriptedBot bot, int concurrency, int most, Duration linger) {
        BatchSettings batches = new BatchSettings(most, linger);
        DeadLetters dead =
                new DeadLetters(
                        dir.resolve("dead.jsonl"),
                        DeadLetters.DEFAULT_MAX_FILE_BYTES,
                        InstantSource.system());
        toClose.add(dead);
        Deferrals deferrals = new SomeDeferred();
        HttpSink sink =
                new HttpSink(
                        loop,
                        NioSocketChannel::new,
                        new HttpSinkSettings(
                                bot.url(),
                                Optional.of(Secret.of("Bearer secret")),
                                timeout,
                                Duration.ofSeconds(1),
                                "gw-test",
                                batches.on()),
                        InstantSource.system(),
                        System::nanoTime,
                        deferrals);
        return new DeliveryLoop(
                loop,
                log,
                sink,
                dead,
                DeliverySettings.of(concurrency, batches, LogLimits.of(100_000_000, 1_000_000)),
                InstantSource.system(),
                new Random(1),
                deferrals);
    }

    private void append(DeliveryLoop delivery, Records records) {
        byte[] batch = records.batch();
        loop.execute(() -> {
            assertThat(log.append(batch).problem()).isEmpty();
            delivery.wake();
        });
    }

    private static DeliveryStats await(DeliveryLoop delivery, long delivered) throws Exception {
        DeliveryStats stats = delivery.stats().get();
        while (stats.delivered() < delivered) {
            stats = delivery.stats().get();
        }
        return stats;
    }

    private static List<Integer> numbers(ScriptedBot.Request request) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode item : JSON.readTree(request.body())) {
            numbers.add(Integer.parseInt(item.get("id").asString().replaceFirst(".*:", "")));
        }
        return numbers;
    }

    @Test
    void aFullListGoesWithEachEventsIdentity() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot, 8, 3, Duration.ofSeconds(1));
            append(
                    delivery,
                    new Records()
                            .add(100, "a\"b\\c", 7, 5, "{\"d\":\"ä\"}")
                            .add(100, "abc", 8, 5, "{\"d\":\"later\"}")
                            .add(3, "x", 1234567, 0, "{}"));
            ScriptedBot.Request request = bot.next();
            assertThat(request.line()).isEqualTo("POST /events?key=hidden HTTP/1.1");
            assertThat(request.header("Content-Type")).isEqualTo("application/json");
            assertThat(request.header("Authorization")).isEqualTo("Bearer secret");
            assertThat(request.header("X-Gw-Batch-Size")).isEqualTo("3");
            assertThat(request.header("X-Gw-Attempt")).isEqualTo("1");
            assertThat(request.body())
                    .isEqualTo(
                            """
                            [{"shardId":100,"shardCount":10,"id":"a?b?c:7","data":{"d":"ä"}},\
                            {"shardId":100,"shardCount":10,"id":"abc:8","deferred":5,"data":{"d":"later"}},\
                            {"shardId":3,"shardCount":10,"id":"x:1234567","data":{}}]\
                            """);
            assertThat(await(delivery, 3).log().events()).isZero();
        }
    }

    /** P2: what only starts the next generation is told apart, also beside other marks. */
    @Test
    void aListSaysWhichEventsOnlyStartTheNextGeneration() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot, 8, 3, Duration.ofSeconds(1));
            byte[] batch =
                    new Records()
                            .add(RecordKind.START_UP, "READY", 3, "n", 1, 0, 1, "{\"d\":1}")
                            .add(RecordKind.START_UP, "GUILD_CREATE", 3, "n", 2, 0, 1, "\"later\"")
                            .add("GUILD_CREATE", 3, "n", 3, 0, 1, "{}")
                            .batch();
            loop.execute(() -> {
                assertThat(log.appendOwn(batch, 0, batch.length).accepted()).isEqualTo(3);
                delivery.wake();
            });
            ScriptedBot.Request request = bot.next();
            assertThat(request.body())
                    .isEqualTo(
                            """
                            [{"shardId":3,"shardCount":10,"id":"n:1","startUp":"reshard","data":{"d":1}},\
                            {"shardId":3,"shardCount":10,"id":"n:2","startUp":"reshard","deferred":5,"data":"later"},\
                            {"shardId":3,"shardCount":10,"id":"n:3","data":{}}]\
                            """);
            assertThat(JSON.readTree(request.body())).hasSize(3);
            assertThat(request.header("Content-Length"))
                    .isEqualTo(Integer.toString(request.body().length()));
        }
    }

    /** Also when all of it is of one guild, whose events came behind its first one. */
    @Test
    void aFullListDoesNotWait() throws Exception {
        int rounds = 30;
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot, 8, 4, Duration.ofSeconds(1));
            long began = System.nanoTime();
            for (int i = 1; i <= 4 * rounds; i += 4) {
                Records records = new Records();
                for (int number = i; number < i + 4; number++) {
                    records.add(0, "s", number, 5, "{}");
                }
                append(delivery, records);
                assertThat(await(delivery, i + 3L).log().events()).isZero();
                assertThat(numbers(bot.next())).containsExactly(i, i + 1, i + 2, i + 3);
            }
            // Each of them would have lingered for a second.
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isLessThan(Duration.ofSeconds(rounds / 2));
        }
    }

    @Test
    void aLargeEventGoesAlone() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot, 8, 100, Duration.ofMillis(100));
            String large = "\"" + "x".repeat(2_000_000) + "\"";
            append(
                    delivery,
                    new Records()
                            .add(0, "s", 1, 1, "{}")
                            .add(0, "s", 2, 2, large)
                            .add(0, "s", 3, 3, "{}")
                            .add(0, "s", 4, 3, large)
                            .add(0, "s", 5, 3, "{}"));
            assertThat(await(delivery, 5).log().events()).isZero();
            assertThat(bot.requests.stream().map(BatchedDeliveryTest::numbers))
                    .containsExactlyInAnyOrder(
                            List.of(1), List.of(2), List.of(3), List.of(4), List.of(5));
        }
    }

    @Test
    void anEventWaitsForCompanyNoLongerThanTheLinger() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot, 8, 100, Duration.ofMillis(50));
            append(delivery, new Records().add(0, "s", 1, 1, "{}").add(0, "s", 2, 2, "{}"));
            assertThat(numbers(bot.next())).containsExactly(1, 2);
            append(delivery, new Records().add(0, "s", 3, 1, "{}"));
            assertThat(numbers(bot.next())).containsExactly(3);
            assertThat(await(delivery, 3).log().events()).isZero();
        }
    }

    @Test
    void aListIsNotMuchLargerThanAMegabyte() throws Exception {
        try (ScriptedBot bot = new ScriptedBot(_ -> ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot, 1, 1_000, Duration.ZERO);
            Records records = new Records();
            String large = "\"" + "x".repeat(300_000) + "\"";
            for (int i = 1; i <= 40; i++) {
                records.add(0, "s", i, i % 2, large);
            }
            append(delivery, records);
            assertThat(await(delivery, 40).log().events()).isZero();
            for (ScriptedBot.Request request : bot.requests) {
                assertThat(request.body().length()).isLessThan(1_600_000);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void keepsOrderAndLosesNothingWhileTheBotFailsAtRandom(long seed) throws Exception {
        Random random = new Random(seed);
        Set<Integer> got = ConcurrentHashMap.newKeySet();
        Map<Integer, Integer> under = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger largest = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(request -> {
                    List<Integer> numbers = numbers(request);
                    Set<Integer> guilds = new HashSet<>();
                    numbers.forEach(number -> guilds.add(number % 20));
                    guilds.forEach(guild ->
                            most.accumulateAndGet(under.merge(guild, 1, Integer::sum), Math::max));
                    largest.accumulateAndGet(numbers.size(), Math::max);
                    var _ = new CountDownLatch(1).await(random.nextInt(4), TimeUnit.MILLISECONDS);
                    guilds.forEach(guild -> under.merge(guild, -1, Integer::sum));
                    String answer =
                            switch (random.nextInt(12)) {
                                case 0 -> ScriptedBot.status(500);
                                case 1 -> ScriptedBot.status(400);
                                case 2 -> ScriptedBot.status(429);
                                case 3 -> "";
                                default -> ScriptedBot.OK;
                            };
                    if (answer.equals(ScriptedBot.OK)) {
                        got.addAll(numbers);
                    }
                    return answer;
                })) {
            DeliveryLoop delivery = delivery(bot, 8, 16, Duration.ofMillis(1));
            Records records = new Records();
            for (int i = 1; i <= 600; i++) {
                records.add(0, "s", i, i % 20 + 1, "{}");
                if (i % 50 == 0) {
                    append(delivery, records);
                    records = new Records();
                }
            }
            DeliveryStats stats = delivery.stats().get();
            while (stats.delivered() + stats.deadLettered() < 600) {
                stats = delivery.stats().get();
            }
            assertThat(got.size() + stats.deadLettered())
                    .as("seed %s", seed)
                    .isGreaterThanOrEqualTo(600);
            assertThat(most.get()).as("seed %s: requests for one guild at once", seed).isEqualTo(1);
            assertThat(largest.get()).isGreaterThan(4);
            assertThat(stats.log().events()).isZero();
            Map<Integer, Integer> last = new HashMap<>();
            for (ScriptedBot.Request request : bot.requests) {
                for (int number : numbers(request)) {
                    // Again is allowed, but none is left out: each follows one that came before it.
                    int before =
                            last.getOrDefault(number % 20, number % 20 == 0 ? 0 : number % 20 - 20);
                    assertThat(number)
                            .as("seed %s: after %s", seed, before)
                            .isLessThanOrEqualTo(before + 20);
                    last.put(number % 20, number);
                }
            }
        }
    }

    /** A request that is not settled is followed by the same events first. */
    @ParameterizedTest
    @ValueSource(ints = {400, 422, 500})
    void oneBadEventDoesNotHoldUpThoseThatWentWithIt(int status) throws Exception {
        try (ScriptedBot bot =
                new ScriptedBot(request ->
                        request.body().contains("poison")
                                ? ScriptedBot.status(status)
                                : ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot, 4, 32, Duration.ofMillis(1));
            Records records = new Records();
            for (int i = 1; i <= 200; i++) {
                records.add(0, "s", i, i % 10 + 1, i == 55 ? "\"poison\"" : "{}");
            }
            append(delivery, records);
            boolean refused = status != 500;
            // The guild of the bad one waits behind it when it isn't given up.
            DeliveryStats stats = await(delivery, refused ? 199 : 185);
            if (refused) {
                while (stats.deadLettered() < 1) {
                    stats = delivery.stats().get();
                }
                assertThat(stats.log().events()).isZero();
                assertThat(Files.readString(dir.resolve("dead.jsonl"))).contains("poison");
            } else {
                assertThat(stats.deadLettered()).isZero();
                assertThat(stats.log().events()).isEqualTo(15);
            }
            assertThat(stats.healthy()).isTrue();
        }
    }

    /** Spoils the record with this payload on the disk, behind everybody's back. */
    private void spoil(String payload) throws IOException {
        List<Path> segments;
        try (var files = Files.list(dir.resolve("log"))) {
            segments = files.filter(file -> file.toString().endsWith(".gwlog")).toList();
        }
        for (Path segment : segments) {
            String text = Files.readString(segment, StandardCharsets.ISO_8859_1);
            int at = text.indexOf(payload);
            if (at >= 0) {
                try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
                    var _ = file.write(ByteBuffer.wrap(new byte[] {'?'}), at);
                }
                return;
            }
        }
        throw new AssertionError(payload + " is in none of " + segments);
    }

    private Path segment() throws IOException {
        try (var files = Files.list(dir.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".gwlog"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** P1, P3: what can't be read just now is one failed try, and costs nothing but time. */
    @Test
    void whatTheDiskWithholdsForAWhileComesOnceItGivesItBack() throws Exception {
        timeout = Duration.ofMillis(300);
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedBot bot =
                new ScriptedBot(_ ->
                        calls.incrementAndGet() <= 2 ? ScriptedBot.status(429) : ScriptedBot.OK)) {
            DeliveryLoop delivery = delivery(bot, 8, 8, Duration.ZERO);
            append(delivery, new Records().add(0, "s", 1, 5, "{}").add(0, "s", 2, 6, "{}"));
            assertThat(numbers(bot.next())).containsExactly(1, 2);
            byte[] all = Files.readAllBytes(segment());
            try (FileChannel file = FileChannel.open(segment(), StandardOpenOption.WRITE)) {
                var _ = file.truncate(64);
                DeliveryStats stats = delivery.stats().get();
                while (!stats.lastError().contains("could not be sent")) {
                    stats = delivery.stats().get();
                }
                long retries = stats.retries();
                // Whatever still waited for an answer has timed out by then.
                long since = System.nanoTime();
                while (System.nanoTime() - since < timeout.multipliedBy(3).toNanos()
                        || stats.retries() <= retries) {
                    stats = delivery.stats().get();
                    assertThat(stats.inFlight()).isBetween(0, 1);
                }
                var _ = file.write(ByteBuffer.wrap(all), 0);
            }
            DeliveryStats stats = await(delivery, 2);
            assertThat(stats.log().events()).isZero();
            assertThat(stats.inFlight()).isZero();
        }
    }

    /** P1: the guild of an event that is given up must not wait for ever. */
    @Test
    void whatIsGivenUpWaitsForTheDiskThatHoldsIt() throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(1);
        try (ScriptedBot bot =
                new ScriptedBot(request -> {
                    if (!request.body().contains("bad")) {
                        return ScriptedBot.OK;
                    }
                    if (refusals.incrementAndGet() == 3) {
                        last.countDown();
                        answer.await();
                    }
                    return ScriptedBot.status(400);
                })) {
            DeliveryLoop delivery = delivery(bot, 8, 1, Duration.ZERO);
            append(delivery, new Records().add(0, "s", 1, 5, "\"bad\"").add(0, "s", 2, 5, "{}"));
            last.await();
            byte[] all = Files.readAllBytes(segment());
            try (FileChannel file = FileChannel.open(segment(), StandardOpenOption.WRITE)) {
                var _ = file.truncate(64);
                answer.countDown();
                DeliveryStats stats = delivery.stats().get();
                while (!stats.lastError().contains("could not be sent")) {
                    stats = delivery.stats().get();
                }
                assertThat(stats.deadLettered()).isZero();
                var _ = file.write(ByteBuffer.wrap(all), 0);
            }
            DeliveryStats stats = await(delivery, 1);
            assertThat(stats.deadLettered()).isEqualTo(1);
            assertThat(stats.log().events()).isZero();
        }
    }

    /** P1, P3: what comes in between must not pass for one of those that are under way. */
    @Test
    void anAnnouncementThatComesMeanwhileIsToldAndCostsNoEventASecondTry() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (ScriptedBot bot =
                new ScriptedBot(request -> {
                    if (request.body().contains("spoiled")) {
                        return ScriptedBot.status(500);
                    }
                    if (numbers(request).equals(List.of(2, 3, 4))) {
                        told.await();
                    }
                    return ScriptedBot.OK;
                })) {
            DeliveryLoop delivery = delivery(bot, 8, 8, Duration.ZERO);
            append(delivery, new Records().add(0, "s", 1, 5, "\"spoiled\""));
            assertThat(numbers(bot.next())).containsExactly(1);
            append(
                    delivery,
                    new Records()
                            .add(0, "s", 2, 0, "{}")
                            .add(0, "s", 3, 0, "{}")
                            .add(0, "s", 4, 0, "{}"));
            ScriptedBot.Request next = bot.next();
            while (!numbers(next).equals(List.of(2, 3, 4))) {
                next = bot.next();
            }
            spoil("spoiled");
            DeliveryStats stats = delivery.stats().get();
            while (stats.log().damagedBytes() == 0) {
                stats = delivery.stats().get();
            }
            told.countDown();
            do {
                next = bot.next();
            } while (next.body().contains("spoiled"));
            assertThat(next.body()).contains("GW_GAP").contains("damaged");
            assertThat(await(delivery, 4).log().events()).isZero();
            assertThat(bot.requests).isEmpty();
        }
    }

    /** P1: nothing else need happen for the bot to be told. */
    @Test
    void whenAllThatIsGatheredMustGoTheBotIsToldAtOnce() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch spoiled = new CountDownLatch(1);
        try (ScriptedBot bot =
                new ScriptedBot(_ -> {
                    if (calls.incrementAndGet() == 1) {
                        return ScriptedBot.status(429);
                    }
                    spoiled.await();
                    return ScriptedBot.OK;
                })) {
            DeliveryLoop delivery = delivery(bot, 8, 8, Duration.ZERO);
            append(
                    delivery,
                    new Records().add(0, "s", 1, 5, "{}").add(0, "s", 2, 6, "\"spoiled\""));
            assertThat(numbers(bot.next())).containsExactly(1, 2);
            assertThat(numbers(bot.next())).containsExactly(1);
            spoil("spoiled");
            spoiled.countDown();
            assertThat(bot.next().body()).contains("GW_GAP").contains("damaged");
        }
    }

    @Test
    void goesOnWithListsAfterAnOutage() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        try (ScriptedBot bot =
                new ScriptedBot(request -> {
                    sizes.add(numbers(request).size());
                    return calls.incrementAndGet() <= 4 ? ScriptedBot.status(503) : ScriptedBot.OK;
                })) {
            DeliveryLoop delivery = delivery(bot, 2, 10, Duration.ZERO);
            Records records = new Records();
            for (int i = 1; i <= 300; i++) {
                records.add(0, "s", i, i % 50 + 1, "{}");
            }
            append(delivery, records);
            assertThat(await(delivery, 300).log().events()).isZero();
            assertThat(sizes).contains(10);
        }
    }
}
