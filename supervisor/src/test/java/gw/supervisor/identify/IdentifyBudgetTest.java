package gw.supervisor.identify;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.SessionStartLimit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** P5: a restart neither forgets what was spent nor when a bucket was used. */
class IdentifyBudgetTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration DAY = Duration.ofDays(1);

    private final VirtualTime time = new VirtualTime();
    private final Heard heard = new Heard();

    @TempDir private Path dir;

    @Test
    void aRestartedSupervisorKeepsTheWindows() {
        IdentifyLimiter before = start("1", limit(1000, DAY, 2));
        identify(before, 0);
        time.pass(Duration.ofSeconds(2));

        IdentifyLimiter after = start("1", limit(1000, DAY, 2));
        queueReady(after, 2, 1);
        assertThat(heard.granted()).as("bucket 1 was not used").containsExactly(0, 1);
        time.pass(Duration.ofMillis(2998));
        assertThat(heard.granted()).containsExactly(0, 1);
        time.pass(Duration.ofMillis(3));
        assertThat(heard.granted()).containsExactly(0, 1, 2);
    }

    @Test
    void anotherRestartWithinTheWindowKeepsThemToo() {
        identify(start("1", limit(1000, DAY, 2)), 0);
        time.pass(Duration.ofSeconds(1));
        queueReady(start("1", limit(1000, DAY, 2)), 1);
        time.pass(Duration.ofSeconds(1));
        queueReady(start("1", limit(1000, DAY, 2)), 2);
        time.pass(Duration.ofMillis(2998));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** Nobody knows what became of a token when the supervisor died. */
    @Test
    void aTokenThatWasOutIsTakenForUsedAtTheRestart() {
        queueReady(start("1", limit(1000, DAY, 1)), 0);
        time.forgetTasks();
        time.pass(Duration.ofSeconds(30));

        queueReady(start("1", limit(1000, DAY, 1)), 1);
        time.pass(Duration.ofMillis(4999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** Its worker may still use it, for as long as it is valid, and has nobody to tell (P5). */
    @Test
    void aTokenThatIsUsedWhileNoSupervisorListensKeepsItsWindow() {
        queueReady(start("1", limit(1000, DAY, 1)), 0);
        time.forgetTasks();
        time.pass(Duration.ofMillis(500));

        queueReady(start("1", limit(1000, DAY, 1)), 1);
        time.pass(IdentifySettings.DEFAULT_VALID_FOR.minusMillis(500));
        // The last moment at which the worker may write IDENTIFY.
        time.pass(INTERVAL.minusMillis(1));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    @Test
    void windowsOutlastARestartWithAnotherMaxConcurrency() {
        identify(start("1", limit(1000, DAY, 1)), 0);
        time.pass(Duration.ofSeconds(2));
        queueReady(start("1", limit(1000, DAY, 16)), 5);
        time.pass(Duration.ofMillis(2998));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(3));
        assertThat(heard.granted()).containsExactly(0, 5);
    }

    @Test
    void aClockThatWasSetBackKeepsTheWindowClosed() {
        identify(start("1", limit(1000, DAY, 1)), 0);
        // That it was used is on disk a moment later.
        time.pass(Duration.ofMillis(100));
        time.setWallBy(Duration.ofDays(-2));
        queueReady(start("1", limit(1000, DAY, 1)), 1);
        time.pass(Duration.ofMillis(4999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    @Test
    void theSmallerCountHoldsWithinTheSameWindow() {
        IdentifyLimiter before = start("1", limit(500, Duration.ofHours(3), 1));
        identify(before, 0);
        assertThat(before.snapshot().remaining()).isEqualTo(499);
        time.pass(Duration.ofHours(1));
        assertThat(start("1", limit(500, Duration.ofHours(2), 1)).snapshot().remaining())
                .as("Discord lags")
                .isEqualTo(499);
        assertThat(start("1", limit(3, Duration.ofHours(2), 1)).snapshot().remaining())
                .as("others spend as well")
                .isEqualTo(3);
    }

    @Test
    void discordsCountHoldsInANewWindow() {
        identify(start("1", limit(2, Duration.ofHours(1), 1)), 0);
        assertThat(start("1", limit(1000, DAY, 1)).snapshot().remaining())
                .as("a later end: another window")
                .isEqualTo(1000);

        identify(start("1", limit(2, Duration.ofHours(1), 1)), 1);
        time.pass(DAY.plusHours(1));
        assertThat(start("1", limit(900, Duration.ofHours(1), 1)).snapshot().remaining())
                .isEqualTo(900);
    }

    /** P5: the count is on disk before the token goes out. */
    @Test
    void theCountIsOnDiskBeforeTheTokenGoesOut() {
        IdentifyBudget budget = open("1");
        Path file = dir.resolve("identify-budget.json");
        IdentifyListener looking =
                new IdentifyListener() {
                    @Override
                    public void turn(int shardId) {}

                    @Override
                    public void grant(int shardId, long grantId, Duration validFor) {
                        try {
                            assertThat(new BudgetFile(file).read().orElseThrow().remaining())
                                    .isEqualTo(999);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                        heard.grant(shardId, grantId, validFor);
                    }

                    @Override
                    public void limitExhausted(java.time.Instant until) {}

                    @Override
                    public void wantsFreshLimit() {}
                };
        IdentifyLimiter limiter =
                new IdentifyLimiter(
                        settings(), limit(1000, DAY, 1), budget, looking, time, time, time::nanos);
        queueReady(limiter, 0);
        assertThat(heard.granted()).containsExactly(0);
    }

    @Test
    void whatAnotherBotLeftIsNoneOfOurs() {
        identify(start("1", limit(1, DAY, 1)), 0);
        IdentifyLimiter other = start("2", limit(1000, DAY, 1));
        queueReady(other, 1);
        assertThat(other.snapshot().remaining()).isEqualTo(999);
        assertThat(heard.granted()).containsExactly(0, 1);
        assertThat(other.snapshot().problem()).isEmpty();
    }

    /** A file that isn't understood may hide that every bucket was used a moment ago. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "{",
                "null",
                "[]",
                "{} {}",
                "{\"version\":2}",
                "{\"version\":1,\"total\":-1}",
                "{\"version\":1,\"bot\":\"1\",\"total\":5,\"remaining\":6,\"resetsAtMs\":0,"
                        + "\"maxConcurrency\":1,\"allUsedAtMs\":0}",
                "{\"version\":1,\"bot\":\"1\",\"total\":9,\"remaining\":6,\"resetsAtMs\":1e99,"
                        + "\"maxConcurrency\":1,\"allUsedAtMs\":0}",
                "{\"version\":1,\"bot\":\"1\",\"total\":9,\"remaining\":6,\"resetsAtMs\":0,"
                        + "\"maxConcurrency\":1,\"allUsedAtMs\":0,\"buckets\":[7]}",
                "\u0000\u0001\uFFFF"
            })
    void anUnreadableFileIsReportedAndCostsOneWindow(String content) throws IOException {
        Files.writeString(file(), content);
        startsFromDiscordsFiguresOneWindowLater();
    }

    @Test
    void aHugeFileIsNotReadToItsEnd() throws IOException {
        Files.write(file(), "[0,".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));
        startsFromDiscordsFiguresOneWindowLater();
    }

    @Test
    void deepNestingIsNoStackOverflow() throws IOException {
        Files.writeString(file(), "[".repeat(1_000_000));
        startsFromDiscordsFiguresOneWindowLater();
    }

    private void startsFromDiscordsFiguresOneWindowLater() {
        IdentifyBudget budget = open("1");
        assertThat(budget.problem().orElseThrow()).contains(file().toString());
        IdentifyLimiter limiter = start(budget, limit(1000, DAY, 1));
        queueReady(limiter, 0);
        assertThat(limiter.snapshot().total()).isEqualTo(1000);
        time.pass(Duration.ofSeconds(1));

        // The file is a good one by now, and still says that nothing is open yet.
        IdentifyLimiter again = start("1", limit(1000, DAY, 1));
        assertThat(again.snapshot().problem()).isEmpty();
        queueReady(again, 0);
        time.pass(Duration.ofMillis(3998));
        assertThat(heard.grants).isEmpty();
        time.pass(Duration.ofMillis(3));
        assertThat(heard.granted()).contains(0);
    }

    /** Discord counts as well: a full disk is no reason for a bot to be down. */
    @Test
    void aFileThatCannotBeWrittenIsReportedAndNoReasonToStop() throws IOException {
        var _ = Files.createDirectory(file());
        IdentifyBudget budget = open("1");
        assertThat(budget.problem().orElseThrow()).contains("not a file");
        IdentifyLimiter limiter = start(budget, limit(1000, DAY, 1));
        time.pass(INTERVAL);
        queueReady(limiter, 0);
        assertThat(heard.granted()).containsExactly(0);
        // An empty directory gives way to the file; one that holds something doesn't.
        Files.deleteIfExists(file());
        var _ = Files.createDirectories(file().resolve("inside"));
        limiter.sent(0, heard.last().id());
        time.pass(INTERVAL);
        assertThat(limiter.snapshot().problem().orElseThrow()).contains("can't be written");
        queueReady(limiter, 1);
        assertThat(heard.granted()).containsExactly(0, 1);

        Files.delete(file().resolve("inside"));
        Files.delete(file());
        limiter.sent(1, heard.last().id());
        time.pass(INTERVAL);
        assertThat(limiter.snapshot().problem()).isEmpty();
    }

    @Test
    void leavesNothingButTheFileBehind() throws IOException {
        identify(start("1", limit(1000, DAY, 1)), 0);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).containsExactly(file());
        }
    }

    private static SessionStartLimit limit(int remaining, Duration resetAfter, int concurrency) {
        return new SessionStartLimit(1000, remaining, resetAfter, concurrency);
    }

    private static IdentifySettings settings() {
        return IdentifySettings.of(INTERVAL, 0, Duration.ofSeconds(15));
    }

    private Path file() {
        return dir.resolve("identify-budget.json");
    }

    private IdentifyBudget open(String bot) {
        return IdentifyBudget.open(file(), bot, time);
    }

    private IdentifyLimiter start(String bot, SessionStartLimit limit) {
        return start(open(bot), limit);
    }

    private IdentifyLimiter start(IdentifyBudget budget, SessionStartLimit limit) {
        time.forgetTasks();
        return new IdentifyLimiter(settings(), limit, budget, heard, time, time, time::nanos);
    }

    private void identify(IdentifyLimiter limiter, int shard) {
        queueReady(limiter, shard);
        if (heard.grants.isEmpty() || heard.last().shardId() != shard) {
            time.pass(INTERVAL);
        }
        assertThat(heard.last().shardId()).isEqualTo(shard);
        limiter.sent(shard, heard.last().id());
    }

    private static void queueReady(IdentifyLimiter limiter, int... shards) {
        for (int shard : shards) {
            limiter.wanted(shard, false);
            limiter.ready(shard);
        }
    }
}
