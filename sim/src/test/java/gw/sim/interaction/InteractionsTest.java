package gw.sim.interaction;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.interaction.Interactions.FollowUp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Discord's 3 s, its 15 min and its limits, in time that the test makes. */
class InteractionsTest {
    private static final long SENT = -5;

    private final Interactions interactions = new Interactions();

    private void sent(int type) {
        interactions.dispatched(
                ("{\"type\":"
                                + type
                                + ",\"token\":\"tok\",\"member\":{\"id\":\"9\"},\"id\":\"1\","
                                + "\"application_id\":\"7\"}")
                        .getBytes(StandardCharsets.UTF_8),
                SENT);
    }

    private static long after(Duration time) {
        return SENT + time.toNanos();
    }

    @Test
    void isAnsweredOnceAndWithinThreeSeconds() {
        sent(2);
        long late = after(Duration.ofMillis(3_001));
        assertThat(interactions.callback("1", "tok", 5, late))
                .isEqualTo(Interactions.Callback.TOO_LATE);
        long last = after(Duration.ofSeconds(3));
        assertThat(interactions.callback("1", "tok", 5, last))
                .isEqualTo(Interactions.Callback.TAKEN);
        assertThat(interactions.callback("1", "tok", 5, last))
                .isEqualTo(Interactions.Callback.TWICE);
        assertThat(interactions.callback("2", "tok", 5, last))
                .isEqualTo(Interactions.Callback.UNKNOWN);
        assertThat(interactions.callback("1", "other", 5, last))
                .isEqualTo(Interactions.Callback.UNKNOWN);
        InteractionStats stats = interactions.stats();
        assertThat(stats.sent()).isEqualTo(1);
        assertThat(stats.acknowledged()).isEqualTo(Map.of("5", 1L));
        assertThat(stats.tooLate()).isEqualTo(1);
        assertThat(stats.twice()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, TAKEN", "1, 5, WRONG_TYPE", "2, 5, TAKEN", "2, 6, WRONG_TYPE", "2, 8, WRONG_TYPE",
        "2, 9, TAKEN", "3, 6, TAKEN", "3, 8, WRONG_TYPE", "4, 8, TAKEN", "4, 5, WRONG_TYPE",
        "5, 5, TAKEN", "5, 9, WRONG_TYPE"
    })
    void eachKindTakesItsOwnCallbacks(int type, int callback, Interactions.Callback expected) {
        sent(type);
        assertThat(interactions.callback("1", "tok", callback, SENT)).isEqualTo(expected);
    }

    @Test
    void followUpsNeedAnAnswerBeforeAndLiveFifteenMinutes() {
        sent(2);
        assertThat(interactions.followUp("7", "tok", SENT)).isEqualTo(FollowUp.UNKNOWN);
        interactions.callback("1", "tok", 5, SENT);
        assertThat(interactions.followUp("8", "tok", SENT)).isEqualTo(FollowUp.UNKNOWN);
        assertThat(interactions.followUp("7", "tok", after(Duration.ofMinutes(15))))
                .isEqualTo(FollowUp.TAKEN);
        assertThat(interactions.followUp("7", "tok", after(Duration.ofMinutes(15)) + 1))
                .isEqualTo(FollowUp.EXPIRED);
        assertThat(interactions.stats().followUps()).isEqualTo(1);
        assertThat(interactions.stats().followUpsRefused()).isEqualTo(3);
    }

    @Test
    void anAutocompleteHasNothingToFollow() {
        sent(4);
        interactions.callback("1", "tok", 8, SENT);
        assertThat(interactions.followUp("7", "tok", SENT)).isEqualTo(FollowUp.UNKNOWN);
    }

    @Test
    void oneThatGoesToTwoSessionsIsOne() {
        sent(2);
        interactions.dispatched(
                "{\"id\":\"1\",\"token\":\"tok\",\"type\":2}".getBytes(StandardCharsets.UTF_8),
                after(Duration.ofSeconds(2)));
        assertThat(interactions.stats().sent()).isEqualTo(1);
        assertThat(interactions.callback("1", "tok", 5, after(Duration.ofSeconds(4))))
                .isEqualTo(Interactions.Callback.TOO_LATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"id\":", "{\"id\":1}", "{\"token\":\"a\",\"type\":\"2\"}"})
    void whatIsNoInteractionIsLeftOut(String data) {
        interactions.dispatched(data.getBytes(StandardCharsets.UTF_8), 0);
        assertThat(interactions.stats().sent()).isZero();
    }

    @Test
    void forgetsWhatIsOver() {
        sent(2);
        interactions.dispatched(
                "{\"id\":\"2\",\"token\":\"b\",\"type\":2}".getBytes(StandardCharsets.UTF_8),
                after(Duration.ofMinutes(17)));
        assertThat(interactions.callbackLimit("tok")).isNull();
        assertThat(interactions.callbackLimit("b")).isNotNull();
    }

    @Test
    void fiveCallsInTwoSecondsAndAWaitThatIsWatched() {
        RouteLimit limit = new RouteLimit();
        for (int left = 4; left >= 0; left--) {
            RouteLimit.Take take = limit.take(SENT);
            assertThat(take.allowed()).isTrue();
            assertThat(take.remaining()).isEqualTo(left);
        }
        RouteLimit.Take over = limit.take(after(Duration.ofMillis(500)));
        assertThat(over.allowed()).isFalse();
        assertThat(over.ignoredWait()).isFalse();
        assertThat(over.resetAfterSeconds()).isEqualTo(1.5);
        assertThat(limit.take(after(Duration.ofMillis(1_999))).ignoredWait()).isTrue();
        RouteLimit.Take fresh = limit.take(after(Duration.ofSeconds(2)));
        assertThat(fresh.allowed()).isTrue();
        assertThat(fresh.ignoredWait()).isFalse();
    }
}
