package gw.supervisor.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.model.SessionStartLimit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** P4 and P5, one rule at a time. */
class IdentifyLimiterTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration DAY = Duration.ofDays(1);
    private static final IdentifySettings SETTINGS =
            IdentifySettings.of(INTERVAL, 0, Duration.ofSeconds(15));

    private final VirtualTime time = new VirtualTime();
    private final Heard heard = new Heard();

    @TempDir private Path dir;

    @Test
    void aLoneShardIsToldToConnectAndGrantedAsSoonAsItIsReady() {
        IdentifyLimiter limiter = limiter(1, 1000);
        limiter.wanted(0, false);
        assertThat(heard.turns).containsExactly(0);
        assertThat(heard.grants).isEmpty();
        assertThat(limiter.position(0)).isEqualTo(1);

        time.pass(Duration.ofMillis(300));
        limiter.ready(0);
        assertThat(heard.granted()).containsExactly(0);
        assertThat(limiter.position(0)).isZero();
        limiter.sent(0, heard.last().id());
        assertThat(limiter.snapshot().spent()).isEqualTo(1);
        assertThat(limiter.snapshot().remaining()).isEqualTo(999);
    }

    /** P5: the window runs from the worker's report, not from the grant. */
    @Test
    void theWindowRunsFromTheReport() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1);
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofSeconds(2));
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofMillis(4999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** P5: an answer that came at once proves that Discord's window runs. */
    @Test
    void theNextGoesSoonerWhenReadyCameAtOnce() {
        IdentifyLimiter limiter = ofDefaultInterval();
        queueReady(limiter, 0, 1);
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofMillis(3));
        limiter.answered(0, true);
        time.pass(Duration.ofMillis(5009));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** P5: an IDENTIFY that was under way for long was counted late. */
    @Test
    void theNextWaitsLongerWhenReadyCameLaterThanUsual() {
        IdentifyLimiter limiter = ofDefaultInterval();
        queueReady(limiter, 0, 1, 2, 3);
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofMillis(300));
        limiter.answered(0, true);
        // As usual: the interval from the report.
        time.pass(Duration.ofMillis(4799));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);

        limiter.sent(1, heard.last().id());
        time.pass(Duration.ofMillis(1300));
        limiter.answered(1, true);
        time.pass(Duration.ofMillis(4799));
        assertThat(heard.granted()).containsExactly(0, 1);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1, 2);

        // Another shard's answer says nothing of this one.
        limiter.sent(2, heard.last().id());
        limiter.answered(1, true);
        time.pass(Duration.ofMillis(10_199));
        assertThat(heard.granted()).containsExactly(0, 1, 2);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aConnectionThatBreaksBeforeReadyKeepsNobodyWaiting() {
        IdentifyLimiter limiter = ofDefaultInterval();
        queueReady(limiter, 0, 1);
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofMillis(700));
        limiter.answered(0, false);
        time.pass(Duration.ofMillis(4399));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** P6: the death of its worker is such an end, too. */
    @Test
    void aWorkerThatDiesBeforeReadyKeepsNobodyWaiting() {
        IdentifyLimiter limiter = ofDefaultInterval();
        queueReady(limiter, 0, 1);
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofMillis(700));
        limiter.workerLost(shard -> shard == 0);
        time.pass(Duration.ofMillis(4399));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** P5: which of two an answer belongs to, nobody knows. */
    @Test
    void anAnswerAfterTheReportOfAnUnknownTokenOpensNothing() {
        IdentifyLimiter limiter = ofDefaultInterval();
        queueReady(limiter, 0, 1);
        limiter.sent(0, heard.last().id());
        limiter.sent(0, 4711);
        time.pass(Duration.ofMillis(50));
        limiter.answered(0, true);
        time.pass(Duration.ofMillis(5049));
        assertThat(heard.granted()).containsExactly(0);
    }

    private IdentifyLimiter ofDefaultInterval() {
        return limiter(
                IdentifySettings.of(Duration.ofMillis(5_100), 0, Duration.ofSeconds(15)),
                new SessionStartLimit(1000, 1000, DAY, 1),
                heard);
    }

    /** P5: nothing else of the bucket is granted while it is not known what became of a token. */
    @Test
    void aTokenThatIsOutClosesItsBucketAlone() {
        IdentifyLimiter limiter = limiter(2, 1000);
        queueReady(limiter, 0, 1, 2);
        time.pass(Duration.ofSeconds(19));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    @Test
    void bucketsAreShardIdModuloMaxConcurrency() {
        IdentifyLimiter limiter = limiter(16, 1000);
        queueReady(limiter, 0, 16, 1, 17, 31, 15);
        assertThat(heard.granted()).containsExactly(0, 1, 31);
        assertThat(limiter.position(15)).isEqualTo(1);
    }

    /** Discord closes newcomers that idle. */
    @Test
    void tellsTurnsTwoWindowsAhead() {
        IdentifyLimiter limiter = limiter(1, 1000);
        for (int shard = 0; shard < 10; shard++) {
            limiter.wanted(shard, false);
        }
        assertThat(heard.turns).containsExactly(0, 1, 2);
        limiter.ready(0);
        limiter.ready(1);
        limiter.ready(2);
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofMillis(4900));
        assertThat(heard.turns).containsExactly(0, 1, 2);
        time.pass(Duration.ofMillis(100));
        assertThat(heard.granted()).containsExactly(0, 1);
        assertThat(heard.turns).containsExactly(0, 1, 2, 3);
    }

    @Test
    void whoIsNotReadyIsPassedOverAndKeepsItsPlace() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0);
        limiter.wanted(1, false);
        queueReady(limiter, 2, 3);
        limiter.sent(0, heard.last().id());
        time.pass(INTERVAL);
        assertThat(heard.granted()).containsExactly(0, 2);
        assertThat(limiter.position(1)).isEqualTo(1);

        limiter.sent(2, heard.last().id());
        time.pass(Duration.ofSeconds(3));
        limiter.ready(1);
        time.pass(Duration.ofSeconds(2));
        assertThat(heard.granted()).containsExactly(0, 2, 1);
    }

    @Test
    void aLateHelloIsGrantedAtOnce() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0);
        limiter.sent(0, heard.last().id());
        limiter.wanted(1, false);
        time.pass(Duration.ofMillis(5040));
        assertThat(heard.granted()).containsExactly(0);
        limiter.ready(1);
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** Shards that can't connect must not keep those behind them from connecting. */
    @Test
    void othersAreToldWhenTheHeadNeverGetsReady() {
        IdentifyLimiter limiter = limiter(1, 1000);
        for (int shard = 0; shard < 8; shard++) {
            limiter.wanted(shard, false);
        }
        time.pass(Duration.ofSeconds(5));
        assertThat(heard.turns).containsExactly(0, 1, 2, 3, 4, 5);
        time.pass(Duration.ofSeconds(5));
        limiter.ready(7);
        assertThat(heard.granted()).containsExactly(7);
        limiter.sent(7, heard.last().id());
        assertThat(limiter.position(0)).isEqualTo(1);

        time.pass(Duration.ofSeconds(111));
        assertThat(limiter.position(0)).as("nothing came of it for two minutes").isEqualTo(5);
        assertThat(limiter.position(3)).isEqualTo(1);
    }

    /** P4: a token that was not used costs neither a window nor a session start. */
    @Test
    void aReleasedTokenGoesToTheNextAtOnce() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1);
        limiter.released(0, heard.last().id());
        assertThat(heard.granted()).containsExactly(0, 1);
        limiter.sent(1, heard.last().id());
        assertThat(limiter.snapshot().remaining()).isEqualTo(999);
        assertThat(limiter.snapshot().spent()).isEqualTo(1);
    }

    @Test
    void aReleaseOfAnotherTokenChangesNothing() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1);
        limiter.released(0, heard.last().id() + 1);
        limiter.released(1, heard.last().id());
        time.pass(Duration.ofSeconds(19));
        assertThat(heard.granted()).containsExactly(0);
        assertThat(limiter.snapshot().remaining()).isEqualTo(999);
    }

    @Test
    void aShardThatComesBackSoonGetsItsPlaceBack() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1, 2, 3);
        limiter.sent(0, heard.last().id());
        limiter.released(1, 0);
        assertThat(limiter.position(1)).isZero();
        time.pass(Duration.ofSeconds(1));
        limiter.wanted(1, false);
        assertThat(limiter.position(1)).isEqualTo(1);

        limiter.released(1, 0);
        time.pass(Duration.ofMinutes(3));
        queueReady(limiter, 4, 5);
        limiter.wanted(1, false);
        assertThat(limiter.position(1)).isGreaterThan(1);
    }

    @Test
    void askingAgainKeepsThePlaceAndBringsTheTurnAgain() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1);
        limiter.wanted(2, false);
        limiter.wanted(1, false);
        assertThat(limiter.position(1)).isEqualTo(1);
        assertThat(heard.turns).containsExactly(0, 1, 2, 1);
        limiter.sent(0, heard.last().id());
        time.pass(INTERVAL);
        assertThat(heard.granted()).as("1 has a new connection").containsExactly(0);
        limiter.ready(1);
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** P5: a worker that died with a token may have used it. */
    @Test
    void aTokenOfADeadWorkerIsTakenForUsed() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1, 2);
        time.pass(Duration.ofSeconds(1));
        limiter.workerLost(shard -> shard < 2);
        assertThat(limiter.position(1)).isZero();
        assertThat(limiter.position(2)).isEqualTo(1);
        time.pass(Duration.ofMillis(4999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 2);
        assertThat(limiter.snapshot().remaining()).isEqualTo(998);
    }

    /** P5: a worker that hangs may use its token when it wakes. */
    @Test
    void aSilentTokenKeepsItsBucketClosedUntilTheWorkerMustBeGone() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1);
        time.pass(Duration.ofSeconds(14));
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofMillis(4999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);

        queueReady(limiter, 2);
        time.pass(SETTINGS.assumeUsedAfter().plus(INTERVAL).minusMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1, 2);
        assertThat(limiter.snapshot().remaining()).isEqualTo(997);
    }

    /** P5: even a report that nobody waits for any more restarts the window. */
    @Test
    void aReportOfAnUnknownTokenRestartsTheWindow() {
        IdentifyLimiter limiter = limiter(1, 1000);
        limiter.sent(0, 77);
        queueReady(limiter, 1);
        time.pass(Duration.ofMillis(4999));
        assertThat(heard.grants).isEmpty();
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(1);
    }

    @Test
    void aTokenThatWasLostWithItsLinkIsTakenForUsedWhenTheShardIsReadyAgain() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0);
        time.pass(Duration.ofSeconds(1));
        limiter.wanted(0, false);
        limiter.ready(0);
        time.pass(Duration.ofMillis(4999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 0);
        assertThat(heard.grants).doesNotHaveDuplicates();
    }

    @Test
    void aShardThatIdentifiedIsNotQueuedAnyMore() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0);
        limiter.wanted(0, false);
        limiter.sent(0, heard.last().id());
        assertThat(limiter.position(0)).isZero();
        assertThat(limiter.snapshot().queued()).isZero();
    }

    /** P5: the wall clock may jump as it likes. */
    @Test
    void aJumpOfTheWallClockOpensNoWindow() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1, 2);
        limiter.sent(0, heard.last().id());
        time.setWallBy(Duration.ofHours(5));
        time.pass(Duration.ofMillis(4999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(0, 1);
        limiter.sent(1, heard.last().id());
        time.setWallBy(Duration.ofHours(-9));
        time.pass(INTERVAL);
        assertThat(heard.granted()).containsExactly(0, 1, 2);
    }

    /** P5: windows outlast a new max_concurrency, and the tokens that are out. */
    @Test
    void maxConcurrencyMayChange() {
        IdentifyLimiter limiter = limiter(1, 1000);
        queueReady(limiter, 0, 1, 2, 3);
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofSeconds(1));
        limiter.limit(new SessionStartLimit(1000, 999, DAY, 2));
        assertThat(limiter.snapshot().maxConcurrency()).isEqualTo(2);
        assertThat(limiter.position(3)).isEqualTo(2);
        time.pass(Duration.ofMillis(3999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactlyInAnyOrder(0, 1, 2);

        limiter.limit(new SessionStartLimit(1000, 997, DAY, 1));
        limiter.sent(2, heard.tokenOf(2));
        time.pass(Duration.ofSeconds(14));
        assertThat(heard.granted()).as("1's token is still out").hasSize(3);
        limiter.sent(1, heard.tokenOf(1));
        time.pass(INTERVAL);
        assertThat(heard.granted()).hasSize(4).contains(3);
    }

    @Test
    void saysWhenTheQueueWillBeThrough() {
        IdentifyLimiter limiter = limiter(2, 1000);
        assertThat(limiter.snapshot().doneAt()).isEmpty();
        queueReady(limiter, 0);
        Instant now = time.instant();
        limiter.sent(0, heard.last().id());
        for (int shard = 1; shard < 9; shard++) {
            limiter.wanted(shard, false);
        }
        // 2, 4, 6 and 8 wait for 0's window.
        assertThat(limiter.snapshot().doneAt()).contains(now.plusSeconds(20));
        assertThat(limiter.snapshot().waitingUntil()).isEmpty();
        assertThat(limiter.snapshot().queued()).isEqualTo(8);
    }

    @Test
    void refusesNegativeShards() {
        IdentifyLimiter limiter = limiter(2, 1000);
        assertThatThrownBy(() -> limiter.wanted(-1, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void knowsThePlacesOfAVeryLargeBot() {
        IdentifyLimiter limiter = limiter(1, 1000);
        for (int shard = 0; shard < 10_000; shard++) {
            limiter.wanted(shard, false);
        }
        limiter.released(0, 0);
        for (int shard = 0; shard < 10_000; shard++) {
            assertThat(limiter.position(shard)).isEqualTo(shard);
        }
    }

    /** P7: wake-ups don't pile up. */
    @Test
    void atMostOneWakeUpIsPending() {
        IdentifyLimiter limiter = limiter(4, 1000);
        for (int shard = 0; shard < 200; shard++) {
            queueReady(limiter, shard);
            if (shard % 3 == 0) {
                limiter.released(shard, 0);
            }
            time.pass(Duration.ofMillis(20));
            assertThat(time.pending()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void aListenerMayAnswerAtOnce() {
        IdentifyLimiter[] limiter = new IdentifyLimiter[1];
        IdentifyListener hasty =
                new IdentifyListener() {
                    @Override
                    public void turn(int shardId) {
                        heard.turn(shardId);
                        limiter[0].ready(shardId);
                    }

                    @Override
                    public void grant(int shardId, long grantId, Duration validFor) {
                        heard.grant(shardId, grantId, validFor);
                        limiter[0].sent(shardId, grantId);
                    }

                    @Override
                    public void limitExhausted(Instant until) {
                        throw new AssertionError(until);
                    }

                    @Override
                    public void wantsFreshLimit() {
                        throw new AssertionError();
                    }
                };
        limiter[0] = limiter(SETTINGS, new SessionStartLimit(1000, 1000, DAY, 1), hasty);
        for (int shard = 0; shard < 3; shard++) {
            limiter[0].wanted(shard, false);
        }
        time.pass(Duration.ofSeconds(10));
        assertThat(heard.granted()).containsExactly(0, 1, 2);
    }

    /** P4: what Discord refuses once it would refuse in each bucket. */
    @Test
    void untilDiscordHasTakenOneIdentifyOneIsOutAtATime() {
        IdentifyLimiter limiter = firstOfFourIsOut();
        time.pass(Duration.ofSeconds(9));
        assertThat(heard.granted()).containsExactly(0);
        limiter.answered(0, true);
        assertThat(heard.granted()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void anIdentifyWhoseConnectionBreaksLeavesTheTrialToAnother() {
        IdentifyLimiter limiter = firstOfFourIsOut();
        limiter.answered(2, false);
        assertThat(heard.granted()).as("2 had not identified").containsExactly(0);
        limiter.answered(0, false);
        assertThat(heard.granted()).containsExactly(0, 1);
        limiter.released(1, heard.last().id());
        assertThat(heard.granted()).containsExactly(0, 1, 2);
        limiter.workerLost(shard -> shard == 2);
        assertThat(heard.granted()).containsExactly(0, 1, 2, 3);
        limiter.sent(3, heard.last().id());
        limiter.answered(3, true);
        queueReady(limiter, 0, 1, 2);
        time.pass(INTERVAL);
        assertThat(heard.granted()).containsExactlyInAnyOrder(0, 1, 2, 3, 0, 1, 2);
    }

    /** P7: a READY that doesn't come holds nothing up for ever. */
    @Test
    void aTrialWithoutAnAnswerEnds() {
        var _ = firstOfFourIsOut();
        time.pass(Duration.ofMillis(9_999));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    /** P7: neither the answer nor a session start is there, and the limiter sleeps all the same. */
    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aTrialMayEndWhileTheLimitIsSpent() {
        IdentifyLimiter limiter = trying(2, 1);
        queueReady(limiter, 0, 1);
        limiter.sent(0, heard.last().id());
        time.pass(Duration.ofSeconds(30));
        assertThat(heard.granted()).containsExactly(0);
        time.pass(DAY);
        limiter.limit(new SessionStartLimit(1000, 1000, DAY, 2));
        assertThat(heard.granted()).containsExactly(0, 1);
    }

    /** Four shards of four buckets are ready, and the first has identified. */
    private IdentifyLimiter firstOfFourIsOut() {
        IdentifyLimiter limiter = trying(4, 1000);
        queueReady(limiter, 0, 1, 2, 3);
        limiter.sent(0, heard.last().id());
        return limiter;
    }

    private IdentifyLimiter trying(int maxConcurrency, int remaining) {
        return limiter(
                SETTINGS.tryingOneFirst(Duration.ofSeconds(10)),
                new SessionStartLimit(1000, remaining, DAY, maxConcurrency),
                heard);
    }

    private IdentifyLimiter limiter(int maxConcurrency, int remaining) {
        return limiter(
                SETTINGS, new SessionStartLimit(1000, remaining, DAY, maxConcurrency), heard);
    }

    private IdentifyLimiter limiter(
            IdentifySettings settings, SessionStartLimit limit, IdentifyListener out) {
        IdentifyBudget budget = IdentifyBudget.open(dir.resolve("identify-budget.json"), "1", time);
        return new IdentifyLimiter(settings, limit, budget, out, time, time, time::nanos);
    }

    private static void queueReady(IdentifyLimiter limiter, int... shards) {
        for (int shard : shards) {
            limiter.wanted(shard, false);
            limiter.ready(shard);
        }
    }
}
