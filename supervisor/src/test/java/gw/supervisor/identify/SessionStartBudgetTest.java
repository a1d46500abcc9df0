package gw.supervisor.identify;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.SessionStartLimit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** P5: the session start limit is never crossed. P4: nor is more of it spent than needed. */
class SessionStartBudgetTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final VirtualTime time = new VirtualTime();
    private final Heard heard = new Heard();

    @TempDir private Path dir;

    @Test
    void withholdsIdentifyWhenTheLimitIsSpentAndSaysUntilWhen() {
        Instant resets = time.instant().plusSeconds(3600);
        IdentifyLimiter limiter = limiter(0, limit(1000, 2, Duration.ofHours(1)));
        identify(limiter, 0);
        identify(limiter, 1);
        assertThat(heard.exhausted).isEmpty();
        queueReady(limiter, 2, 3);
        time.pass(Duration.ofMinutes(59));

        assertThat(heard.granted()).containsExactly(0, 1);
        assertThat(heard.exhausted).containsExactly(resets);
        assertThat(limiter.snapshot().waitingUntil()).contains(resets);
        assertThat(heard.freshLimitsWanted).isZero();

        time.pass(Duration.ofSeconds(61));
        assertThat(heard.freshLimitsWanted).isEqualTo(1);
        limiter.limit(limit(1000, 1000, Duration.ofDays(1)));
        assertThat(heard.granted()).containsExactly(0, 1, 2);
        assertThat(limiter.snapshot().waitingUntil()).isEmpty();
        assertThat(limiter.snapshot().remaining()).isEqualTo(999);
    }

    /** A shard without a session start would idle until Discord closes it. */
    @Test
    void tellsNobodyToConnectForWhomThereIsNoSessionStart() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 2, Duration.ofHours(1)));
        for (int shard = 0; shard < 6; shard++) {
            limiter.wanted(shard, false);
        }
        assertThat(heard.turns).containsExactly(0, 1);
        limiter.released(0, 0);
        assertThat(heard.turns).containsExactly(0, 1, 2);
        limiter.limit(limit(1000, 1, Duration.ofHours(1)));
        limiter.ready(1);
        limiter.sent(1, heard.last().id());
        time.pass(Duration.ofMinutes(1));
        assertThat(heard.turns).containsExactly(0, 1, 2);
    }

    @Test
    void keepsAReserveForSessionsThatDiscordEnded() {
        IdentifyLimiter limiter = limiter(10, limit(1000, 11, Duration.ofHours(1)));
        queueReady(limiter, 0, 1, 2);
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofMinutes(1));
        assertThat(heard.granted()).containsExactly(0);
        assertThat(heard.exhausted).hasSize(1);

        limiter.wanted(7, true);
        assertThat(heard.turns).contains(7);
        limiter.ready(7);
        assertThat(heard.granted()).containsExactly(0, 7);
        limiter.sent(7, heard.last().id());
        for (int shard = 20; shard < 40; shard++) {
            limiter.wanted(shard, true);
            limiter.ready(shard);
        }
        for (int window = 0; window < 30; window++) {
            time.pass(INTERVAL);
            limiter.sent(heard.last().shardId(), heard.last().id());
        }
        assertThat(heard.grants).hasSize(11);
        assertThat(heard.granted()).doesNotContain(1, 2);
        assertThat(limiter.snapshot().remaining()).isZero();
    }

    /** A shard keeps its claim to the reserve when its connection breaks on the way. */
    @Test
    void theClaimToTheReserveOutlastsABrokenConnection() {
        IdentifyLimiter limiter = limiter(10, limit(1000, 10, Duration.ofHours(1)));
        limiter.wanted(7, true);
        limiter.released(7, 0);
        time.pass(Duration.ofMinutes(10));
        queueReady(limiter, 7);
        limiter.released(7, heard.last().id());
        queueReady(limiter, 7);
        assertThat(heard.granted()).containsExactly(7, 7);
    }

    @Test
    void aReserveAsLargeAsTheLimitKeepsNotEveryoneFromStarting() {
        IdentifyLimiter limiter = limiter(100, limit(10, 10, Duration.ofHours(1)));
        assertThat(limiter.snapshot().reserve()).isEqualTo(5);
        queueReady(limiter, 0);
        assertThat(heard.granted()).containsExactly(0);
    }

    /** No busy loop: while asking brings nothing it is done ever more rarely. */
    @Test
    void asksEverMoreRarelyWhileDiscordSaysThatNothingIsLeft() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 0, Duration.ofMinutes(1)));
        queueReady(limiter, 0);
        time.pass(Duration.ofSeconds(61));
        assertThat(heard.freshLimitsWanted).isEqualTo(1);
        int answered = 0;
        for (int second = 0; second < 3600; second++) {
            if (answered < heard.freshLimitsWanted) {
                answered = heard.freshLimitsWanted;
                limiter.limit(limit(1000, 0, Duration.ofMillis(200)));
            }
            time.pass(Duration.ofSeconds(1));
        }
        assertThat(heard.freshLimitsWanted).isBetween(12, 20);
        assertThat(heard.exhausted).hasSizeLessThan(30);
        assertThat(heard.grants).isEmpty();

        limiter.limit(limit(1000, 1000, Duration.ofDays(1)));
        assertThat(heard.granted()).containsExactly(0);
    }

    @Test
    void asksAgainWhenNobodyAnswers() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 0, Duration.ofMinutes(1)));
        queueReady(limiter, 0);
        time.pass(Duration.ofMinutes(30));
        assertThat(heard.freshLimitsWanted).isBetween(8, 14);
        assertThat(heard.exhausted).hasSize(1);
    }

    @Test
    void waitsAgainWhenTheFreshLimitIsSpentToo() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 0, Duration.ofMinutes(1)));
        queueReady(limiter, 0);
        time.pass(Duration.ofSeconds(61));
        limiter.limit(limit(1000, 0, Duration.ofHours(20)));
        Instant resets = time.instant().plus(Duration.ofHours(20));
        time.pass(Duration.ofHours(19));
        assertThat(heard.freshLimitsWanted).isEqualTo(1);
        assertThat(heard.exhausted).hasSize(2).last().isEqualTo(resets);
        time.pass(Duration.ofSeconds(3610));
        assertThat(heard.freshLimitsWanted).isEqualTo(2);
    }

    /** The figures in the status are not those of a window that is long over. */
    @Test
    void readsTheLimitAnewWhenItsWindowEnds() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 500, Duration.ofHours(2)));
        identify(limiter, 0);
        time.pass(Duration.ofHours(1));
        assertThat(heard.freshLimitsWanted).isZero();
        time.pass(Duration.ofSeconds(3610));
        assertThat(heard.freshLimitsWanted).isEqualTo(1);
        limiter.limit(limit(1000, 1000, Duration.ZERO));
        time.pass(Duration.ofDays(3));
        assertThat(heard.freshLimitsWanted).isEqualTo(1);
        assertThat(limiter.snapshot().remaining()).isEqualTo(1000);
        assertThat(limiter.snapshot().resetsAt()).isEmpty();
    }

    /** Discord's window starts with the first IDENTIFY, and lasts a day. */
    @Test
    void aWindowStartsWithTheFirstIdentify() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 1000, Duration.ZERO));
        time.pass(Duration.ofDays(3));
        assertThat(heard.freshLimitsWanted).isZero();
        identify(limiter, 0);
        assertThat(limiter.snapshot().resetsAt()).isPresent();
        time.pass(Duration.ofHours(25));
        assertThat(heard.freshLimitsWanted).isPositive();
    }

    /** P5: within one window Discord's count lags, ours doesn't know what others spend. */
    @Test
    void takesTheSmallerCountWithinOneWindow() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 500, Duration.ofHours(2)));
        identify(limiter, 0);
        limiter.limit(limit(1000, 500, Duration.ofHours(2)));
        assertThat(limiter.snapshot().remaining()).isEqualTo(499);
        limiter.limit(limit(1000, 42, Duration.ofHours(2)));
        assertThat(limiter.snapshot().remaining()).isEqualTo(42);
    }

    /** P5: Discord can't have counted what is still under way. */
    @Test
    void takesTokensThatAreOutOffAFreshLimit() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 1, Duration.ofSeconds(2)));
        queueReady(limiter, 0);
        time.pass(Duration.ofSeconds(3));
        assertThat(heard.freshLimitsWanted).isEqualTo(1);
        limiter.limit(limit(1000, 1000, Duration.ofDays(1)));
        assertThat(limiter.snapshot().remaining()).isEqualTo(999);
        limiter.released(0, heard.last().id());
        assertThat(limiter.snapshot().remaining()).isEqualTo(1000);
    }

    /**
     * P5: what went out while the answer was under way is not in it, even when it has been sent.
     */
    @Test
    void takesWhatWentOutWhileAskingOffAFreshLimit() {
        IdentifyLimiter limiter = limiter(0, limit(1000, 10, Duration.ofSeconds(2)));
        identify(limiter, 0);
        assertThat(heard.freshLimitsWanted).isEqualTo(1);
        identify(limiter, 1);
        identify(limiter, 2);
        limiter.limit(limit(1000, 1000, Duration.ofDays(1)));
        assertThat(limiter.snapshot().remaining()).isEqualTo(998);
    }

    @Test
    void theForecastKnowsThatTheLimitRunsOut() {
        IdentifyLimiter limiter = limiter(0, limit(10, 2, Duration.ofHours(1)));
        Instant now = time.instant();
        for (int shard = 0; shard < 5; shard++) {
            limiter.wanted(shard, false);
        }
        assertThat(limiter.snapshot().doneAt()).contains(now.plusSeconds(3600 + 10));
        for (int shard = 5; shard < 23; shard++) {
            limiter.wanted(shard, false);
        }
        assertThat(limiter.snapshot().doneAt())
                .as("21 after this window: two more full ones and one")
                .contains(now.plusSeconds(3600).plus(Duration.ofDays(2)));
    }

    private static SessionStartLimit limit(int total, int remaining, Duration resetAfter) {
        return new SessionStartLimit(total, remaining, resetAfter, 1);
    }

    private IdentifyLimiter limiter(int reserve, SessionStartLimit limit) {
        IdentifySettings settings = IdentifySettings.of(INTERVAL, reserve, Duration.ofSeconds(15));
        IdentifyBudget budget = IdentifyBudget.open(dir.resolve("identify-budget.json"), "1", time);
        return new IdentifyLimiter(settings, limit, budget, heard, time, time, time::nanos);
    }

    private void identify(IdentifyLimiter limiter, int shard) {
        queueReady(limiter, shard);
        assertThat(heard.last().shardId()).isEqualTo(shard);
        limiter.sent(shard, heard.last().id());
        time.pass(INTERVAL);
    }

    private static void queueReady(IdentifyLimiter limiter, int... shards) {
        for (int shard : shards) {
            limiter.wanted(shard, false);
            limiter.ready(shard);
        }
    }
}
