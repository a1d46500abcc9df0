package gw.supervisor.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.model.SessionStartLimit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** Several generations of shards share the buckets and the session starts (P4, P5). */
class IdentifySlotsTest {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int BEHIND = 1;

    private final VirtualTime time = new VirtualTime();
    private final Heard heard = new Heard();

    @TempDir private Path dir;

    @Test
    void aKeyNamesSlotAndShard() {
        assertThat(IdentifyKey.of(0, 885)).isEqualTo(885);
        int last = IdentifyKey.of(2047, (1 << 20) - 1);
        assertThat(last).isPositive();
        assertThat(IdentifyKey.slot(last)).isEqualTo(2047);
        assertThat(IdentifyKey.shard(last)).isEqualTo((1 << 20) - 1);
        assertThatThrownBy(() -> IdentifyKey.of(2048, 0)).hasMessageContaining("slot: 2048");
        assertThatThrownBy(() -> IdentifyKey.of(-1, 0)).hasMessageContaining("slot: -1");
        assertThatThrownBy(() -> IdentifyKey.of(0, 1 << 20)).hasMessageContaining("shardId: 1048");
    }

    /** P5: the bucket is the shard's, whatever the slot: 2^20 is no multiple of 3. */
    @Test
    void shardsOfTheSameIdShareABucketOverAllSlots() {
        IdentifyLimiter limiter = limiter(3, 1000, 0);
        int second = IdentifyKey.of(2, 4);
        queueReady(limiter, 4, second, IdentifyKey.of(2, 5));
        assertThat(heard.granted()).containsExactly(4, IdentifyKey.of(2, 5));
        limiter.sent(4, heard.tokenOf(4));
        time.pass(INTERVAL.minusMillis(1));
        assertThat(heard.granted()).doesNotContain(second);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).contains(second);
    }

    /** P4: the generation that serves goes first, also with what it needs later. */
    @Test
    void aBackgroundSlotWaitsBehindAllOthersOfItsBucket() {
        IdentifyLimiter limiter = limiter(1, 1000, 0);
        limiter.background(BEHIND, true);
        queueReady(limiter, IdentifyKey.of(BEHIND, 0), IdentifyKey.of(BEHIND, 1), 0);
        assertThat(heard.granted()).containsExactly(IdentifyKey.of(BEHIND, 0));
        assertThat(limiter.position(0)).isEqualTo(1);
        assertThat(limiter.position(IdentifyKey.of(BEHIND, 1))).isEqualTo(2);
        limiter.sent(IdentifyKey.of(BEHIND, 0), heard.last().id());
        time.pass(Duration.ofSeconds(4));
        queueReady(limiter, 1);
        time.pass(Duration.ofSeconds(1));
        assertThat(heard.granted()).endsWith(0);
        limiter.sent(0, heard.last().id());
        time.pass(INTERVAL);
        assertThat(heard.granted()).endsWith(1);
        limiter.sent(1, heard.last().id());
        time.pass(INTERVAL);
        assertThat(heard.granted()).endsWith(IdentifyKey.of(BEHIND, 1));
    }

    @Test
    void switchingASlotSortsItsQueuesAnew() {
        IdentifyLimiter limiter = limiter(1, 1000, 0);
        int other = IdentifyKey.of(BEHIND, 7);
        queueReady(limiter, 9, other, 0);
        assertThat(limiter.position(other)).isEqualTo(1);
        limiter.background(BEHIND, true);
        assertThat(limiter.position(other)).isEqualTo(2);
        limiter.background(BEHIND, false);
        assertThat(limiter.position(other)).isEqualTo(1);
        limiter.sent(9, heard.last().id());
        time.pass(INTERVAL);
        assertThat(heard.granted()).containsExactly(9, other);
    }

    /** The reserve is for the sessions of the generation that serves. */
    @Test
    void aBackgroundSlotMayNotUseTheReserve() {
        IdentifyLimiter limiter = limiter(1, 10, 10);
        limiter.background(BEHIND, true);
        int behind = IdentifyKey.of(BEHIND, 0);
        limiter.wanted(behind, true);
        limiter.ready(behind);
        assertThat(heard.grants).isEmpty();
        assertThat(limiter.snapshot().waitingUntil()).isPresent();
        limiter.wanted(1, true);
        limiter.ready(1);
        assertThat(heard.granted()).containsExactly(1);
        limiter.sent(1, heard.last().id());
        time.pass(INTERVAL);
        assertThat(heard.granted()).containsExactly(1);
        limiter.background(BEHIND, false);
        assertThat(heard.granted()).as("it had a lost session").containsExactly(1, behind);
    }

    /** P4: what the others in the queue need is not given away in another bucket. */
    @Test
    void aBackgroundSlotLeavesTheSessionStartsThatOthersWaitFor() {
        IdentifyLimiter limiter = limiter(2, 2, 0);
        limiter.background(BEHIND, true);
        queueReady(limiter, 0);
        limiter.sent(0, heard.last().id());
        limiter.wanted(2, false);
        int behind = IdentifyKey.of(BEHIND, 1);
        queueReady(limiter, behind);
        assertThat(heard.granted()).containsExactly(0);
        limiter.released(2, 0);
        assertThat(heard.granted()).as("nobody else needs it").containsExactly(0, behind);
    }

    /** P4: what comes up may be refused though what serves was not. */
    @Test
    void aTrialMayBeginAnew() {
        IdentifyLimiter limiter = limiter(4, 1000, 0);
        queueReady(limiter, 0);
        limiter.sent(0, heard.last().id());
        limiter.answered(0, true);
        limiter.tryOneFirst();
        int first = IdentifyKey.of(BEHIND, 1);
        int next = IdentifyKey.of(BEHIND, 2);
        queueReady(limiter, first, next);
        assertThat(heard.granted()).containsExactly(0, first);
        limiter.sent(first, heard.last().id());
        limiter.answered(3, true);
        assertThat(heard.granted()).as("a RESUME proves nothing").containsExactly(0, first);
        limiter.answered(first, true);
        assertThat(heard.granted()).containsExactly(0, first, next);
    }

    /** A generation that is given up leaves nothing behind. */
    @Test
    void whatIsForgottenHasNoPlaceAnyMore() {
        IdentifyLimiter limiter = limiter(1, 1000, 0);
        int gone = IdentifyKey.of(BEHIND, 1);
        queueReady(limiter, 0, gone, 1);
        limiter.forget(key -> IdentifyKey.slot(key) == BEHIND);
        assertThat(limiter.position(gone)).isZero();
        assertThat(limiter.snapshot().queued()).isEqualTo(1);
        limiter.wanted(gone, false);
        assertThat(limiter.position(gone)).as("no former place").isEqualTo(2);
        limiter.released(gone, 0);
        limiter.forget(key -> key == gone);
        limiter.wanted(gone, false);
        assertThat(limiter.position(gone)).as("no former place").isEqualTo(2);
    }

    /** P5: its worker may still use a token until it expires. */
    @Test
    void aTokenOfWhatIsForgottenIsTakenForUsedWhenItExpires() {
        IdentifyLimiter limiter = limiter(1, 1000, 0);
        int gone = IdentifyKey.of(BEHIND, 0);
        queueReady(limiter, gone, 1, 2);
        long token = heard.last().id();
        time.pass(Duration.ofSeconds(1));
        limiter.forget(key -> key == gone);
        // 3 s after it went out.
        time.pass(Duration.ofSeconds(2).plus(INTERVAL).minusMillis(1));
        assertThat(heard.granted()).containsExactly(gone);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).containsExactly(gone, 1);
        assertThat(limiter.snapshot().remaining()).isEqualTo(998);
        assertThat(limiter.snapshot().spent()).isEqualTo(1);

        limiter.sent(1, heard.last().id());
        time.pass(Duration.ofSeconds(1));
        limiter.sent(gone, token);
        time.pass(INTERVAL.minusMillis(1));
        assertThat(heard.granted()).as("a late report").containsExactly(gone, 1);
    }

    /** P5: another supervisor that can't be reached may live, and use what it has. */
    @Test
    void aTokenWhoseHolderCantBeReachedExpiresFirst() {
        IdentifyLimiter limiter = limiter(1, 1000, 0);
        int far = IdentifyKey.of(16, 0);
        queueReady(limiter, far, 1);
        time.pass(Duration.ofSeconds(1));
        limiter.holderLost(key -> IdentifyKey.slot(key) == 16);
        limiter.wanted(far, false);
        limiter.ready(far);
        time.pass(Duration.ofSeconds(2).plus(INTERVAL).minusMillis(1));
        assertThat(heard.granted()).containsExactly(far);
        time.pass(Duration.ofMillis(1));
        assertThat(heard.granted()).as("it has its old place back").containsExactly(far, far);
    }

    /** What comes back unused is no loss, even when its holder was away meanwhile. */
    @Test
    void aTokenThatComesBackAfterItsHolderWasLostIsGivenBack() {
        IdentifyLimiter limiter = limiter(1, 1000, 0);
        int far = IdentifyKey.of(16, 0);
        queueReady(limiter, far, 1);
        long token = heard.last().id();
        limiter.holderLost(key -> IdentifyKey.slot(key) == 16);
        limiter.released(far, token);
        assertThat(heard.granted()).containsExactly(far, 1);
        assertThat(limiter.snapshot().remaining()).isEqualTo(999);
    }

    private IdentifyLimiter limiter(int maxConcurrency, int remaining, int reserve) {
        return new IdentifyLimiter(
                IdentifySettings.of(INTERVAL, reserve, Duration.ofSeconds(15))
                        .tryingOneFirst(maxConcurrency == 4 ? INTERVAL : Duration.ZERO),
                new SessionStartLimit(1000, remaining, DAY, maxConcurrency),
                IdentifyBudget.open(dir.resolve("budget.json"), "1", time),
                heard,
                time,
                time,
                time::nanos);
    }

    private static void queueReady(IdentifyLimiter limiter, int... keys) {
        for (int key : keys) {
            limiter.wanted(key, false);
            limiter.ready(key);
        }
    }
}
