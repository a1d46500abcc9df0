package gw.supervisor.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An interaction is answered when the bot doesn't, never too late, and within bounds (P5, P7). */
class DeferDeskTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualLoop loop = new VirtualLoop();
    private final HeldCallbacks discord = new HeldCallbacks();
    private final DeferDesk desk = desk(true);
    private final List<String> reports = new ArrayList<>();

    private DeferDesk desk(boolean ephemeral) {
        return new DeferDesk(ephemeral, Duration.ofSeconds(2), discord, loop, loop, loop);
    }

    private static byte[] payload(int number, int type) {
        return ("{\"t\":\"INTERACTION_CREATE\",\"s\":1,\"op\":0,\"d\":{\"type\":"
                        + type
                        + ",\"token\":\"tok"
                        + number
                        + "\",\"id\":\""
                        + number
                        + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void dispatched(int number, int type) {
        byte[] payload = payload(number, type);
        desk.dispatched("s:" + number, payload, 0, payload.length, loop.micros());
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void waitsForTheBotAndThenAnswersInItsPlace() {
        dispatched(1, 2);
        loop.advance(millis(1_999));
        assertThat(discord.posted).isEmpty();
        assertThat(desk.stats().waiting()).isEqualTo(1);
        loop.advance(millis(1));
        assertThat(discord.posted).hasSize(1);
        assertThat(discord.last().interaction().id()).isEqualTo("1");
        assertThat(discord.last().interaction().token().reveal()).isEqualTo("tok1");
        assertThat(discord.last().json()).isEqualTo("{\"type\":5,\"data\":{\"flags\":64}}");
        assertThat(desk.callbackType("s:1")).isZero();
        discord.last().answer(new CallbackAnswer.Taken());
        assertThat(desk.callbackType("s:1")).isEqualTo(5);
        assertThat(desk.stats().deferred()).isEqualTo(1);
        desk.settled("s:1");
        assertThat(desk.callbackType("s:1")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | {\"type\":5}",
                "3 | {\"type\":6}",
                "4 | {\"type\":8,\"data\":{\"choices\":[]}}"
            })
    void eachKindHasItsOwnAnswer(int type, String json) {
        DeferDesk open = desk(false);
        byte[] payload = payload(7, type);
        open.dispatched("s:7", payload, 0, payload.length, loop.micros());
        loop.advance(SECOND.multipliedBy(2));
        assertThat(discord.last().json()).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({"1", "5", "6", "99"})
    void pingsModalsAndTheUnknownAreLeftAlone(int type) {
        dispatched(1, type);
        loop.advance(SECOND.multipliedBy(10));
        assertThat(discord.posted).isEmpty();
        assertThat(desk.stats().notUnderstood()).isZero();
    }

    @Test
    void whatTheBotSettledIsLeftToIt() {
        dispatched(1, 2);
        loop.advance(millis(1_500));
        desk.settled("s:1");
        loop.advance(SECOND.multipliedBy(10));
        assertThat(discord.posted).isEmpty();
        assertThat(desk.stats()).isEqualTo(DeferStats.NONE);
    }

    @Test
    void countsFromWhenTheEventWasTakenFromDiscord() {
        byte[] payload = payload(1, 2);
        desk.dispatched("s:1", payload, 0, payload.length, loop.micros() - 1_900_000);
        desk.dispatched("s:2", payload(2, 2), 0, payload.length, loop.micros() - 2_801_000);
        // A clock that was set back makes nobody wait longer than from now.
        desk.dispatched("s:3", payload(3, 2), 0, payload.length, loop.micros() + 60_000_000);
        assertThat(desk.stats().tooLate()).isEqualTo(1);
        loop.advance(millis(100));
        assertThat(discord.posted).hasSize(1);
        loop.advance(millis(1_900));
        assertThat(discord.posted).hasSize(2);
    }

    @Test
    void doesNotWaitWhileTheBotIsAway() {
        dispatched(1, 2);
        dispatched(2, 3);
        loop.advance(millis(300));
        desk.botAway(true);
        assertThat(discord.posted).isEmpty();
        loop.advance(Duration.ZERO);
        assertThat(discord.posted).hasSize(2);
        dispatched(3, 4);
        loop.advance(Duration.ZERO);
        assertThat(discord.posted).hasSize(3);
        desk.botAway(false);
        dispatched(4, 2);
        loop.advance(millis(1_999));
        assertThat(discord.posted).hasSize(3);
    }

    @Test
    void whatCameTwiceIsAnsweredOnce() {
        dispatched(1, 2);
        dispatched(1, 2);
        loop.advance(SECOND.multipliedBy(2));
        dispatched(1, 2);
        discord.last().answer(new CallbackAnswer.Taken());
        dispatched(1, 2);
        loop.advance(SECOND.multipliedBy(5));
        assertThat(discord.posted).hasSize(1);
    }

    @Test
    void aWaitThatLeavesTimeIsObeyed() {
        desk.botAway(true);
        dispatched(1, 2);
        loop.advance(Duration.ZERO);
        discord.last().answer(new CallbackAnswer.SlowDown(millis(700), false));
        dispatched(2, 2);
        loop.advance(millis(699));
        assertThat(discord.posted).hasSize(2);
        loop.advance(millis(1));
        assertThat(discord.posted).hasSize(3);
        discord.last().answer(new CallbackAnswer.SlowDown(millis(2_200), false));
        loop.advance(SECOND.multipliedBy(5));
        assertThat(discord.posted).hasSize(3);
        assertThat(desk.stats().limited()).isEqualTo(1);
        assertThat(desk.stats().lastError()).contains("429");
    }

    @Test
    void aGlobalWaitHoldsAllUp() {
        desk.botAway(true);
        dispatched(1, 2);
        loop.advance(Duration.ZERO);
        discord.last().answer(new CallbackAnswer.SlowDown(SECOND, true));
        dispatched(2, 2);
        loop.advance(millis(999));
        assertThat(discord.posted).hasSize(1);
        loop.advance(millis(51));
        assertThat(discord.posted).hasSize(3);
        discord.posted.get(1).answer(new CallbackAnswer.SlowDown(SECOND.multipliedBy(60), true));
        discord.posted.get(2).answer(new CallbackAnswer.Taken());
        dispatched(3, 2);
        loop.advance(SECOND.multipliedBy(3));
        assertThat(discord.posted).hasSize(3);
        assertThat(desk.stats().limited()).isEqualTo(2);
        assertThat(desk.stats().waiting()).isZero();
    }

    @Test
    void whatBrokeIsTriedOnceMore() {
        desk.botAway(true);
        dispatched(1, 2);
        loop.advance(Duration.ZERO);
        discord.last().answer(new CallbackAnswer.Broken("HTTP 502"));
        loop.advance(millis(100));
        assertThat(discord.posted).hasSize(2);
        discord.last().answer(new CallbackAnswer.Broken("HTTP 503"));
        loop.advance(SECOND);
        assertThat(discord.posted).hasSize(2);
        assertThat(desk.stats().failed()).isEqualTo(1);
        assertThat(desk.stats().lastError()).isEqualTo("HTTP 503");
        assertThat(desk.stats().lastErrorMillis()).isPositive();
    }

    @Test
    void isNotTriedAgainWhenItsTimeIsOver() {
        dispatched(1, 2);
        loop.advance(SECOND.multipliedBy(2));
        loop.advance(millis(750));
        discord.last().answer(new CallbackAnswer.Broken("no answer"));
        loop.advance(SECOND);
        assertThat(discord.posted).hasSize(1);
        assertThat(desk.stats().failed()).isEqualTo(1);
    }

    /** The first try may have been taken although its answer got lost. */
    @Test
    void knowsItsOwnAnswerWhenItWasLost() {
        desk.botAway(true);
        dispatched(1, 2);
        loop.advance(Duration.ZERO);
        discord.last().answer(new CallbackAnswer.Broken("no answer"));
        loop.advance(millis(100));
        discord.last().answer(new CallbackAnswer.Acknowledged());
        assertThat(desk.callbackType("s:1")).isEqualTo(5);
        assertThat(desk.stats().acknowledged()).isZero();
    }

    @Test
    void theBotsOwnAnswerIsNoFailure() {
        dispatched(1, 2);
        loop.advance(SECOND.multipliedBy(2));
        discord.last().answer(new CallbackAnswer.Acknowledged());
        assertThat(desk.callbackType("s:1")).isZero();
        assertThat(desk.stats().acknowledged()).isEqualTo(1);
        assertThat(desk.stats().lastError()).isEmpty();
    }

    @Test
    void whatIsBlockedIsNotAskedForAgainAtOnce() {
        desk.botAway(true);
        dispatched(1, 2);
        loop.advance(Duration.ZERO);
        discord.last().answer(new CallbackAnswer.Blocked(403));
        dispatched(2, 2);
        loop.advance(SECOND.multipliedBy(29));
        dispatched(3, 2);
        loop.advance(millis(900));
        assertThat(discord.posted).hasSize(1);
        loop.advance(millis(200));
        assertThat(discord.posted).hasSize(2);
        assertThat(desk.stats().failed()).isEqualTo(1);
        assertThat(desk.stats().limited()).isEqualTo(1);
    }

    @Test
    void refusalsAndLateAnswersAreCounted() {
        desk.botAway(true);
        dispatched(1, 2);
        dispatched(2, 2);
        loop.advance(Duration.ZERO);
        discord.posted.get(0).answer(new CallbackAnswer.Unknown());
        discord.posted.get(1).answer(new CallbackAnswer.Refused(400, 50035));
        assertThat(desk.stats().tooLate()).isEqualTo(1);
        assertThat(desk.stats().failed()).isEqualTo(1);
        assertThat(desk.stats().lastError()).isEqualTo("HTTP 400 (50035)");
    }

    @Test
    void atMost64AreUnderWayAndTheOthersGetTheirTurn() {
        desk.botAway(true);
        for (int i = 0; i < 200; i++) {
            dispatched(i, 2);
        }
        loop.advance(Duration.ZERO);
        assertThat(discord.posted).hasSize(64);
        assertThat(desk.stats().inFlight()).isEqualTo(64);
        discord.posted.get(0).answer(new CallbackAnswer.Taken());
        loop.advance(Duration.ZERO);
        assertThat(discord.posted).hasSize(65);
        loop.advance(SECOND.multipliedBy(3));
        assertThat(discord.posted).hasSize(65);
        assertThat(desk.stats().tooLate()).isEqualTo(135);
        assertThat(desk.stats().waiting()).isZero();
    }

    @Test
    void atMostAThousandWait() {
        for (int i = 0; i < 1_010; i++) {
            dispatched(i, 2);
        }
        assertThat(desk.stats().waiting()).isEqualTo(1_000);
        assertThat(desk.stats().notTaken()).isEqualTo(10);
    }

    @Test
    void forgetsWhatNobodyCanFollowUpAnyMore() {
        desk.botAway(true);
        dispatched(1, 3);
        loop.advance(Duration.ZERO);
        discord.last().answer(new CallbackAnswer.Taken());
        loop.advance(Duration.ofMinutes(15).minusMillis(1));
        assertThat(desk.callbackType("s:1")).isEqualTo(6);
        loop.advance(millis(1));
        assertThat(desk.callbackType("s:1")).isZero();
    }

    @Test
    void keepsABoundedNumberOfMarks() {
        DeferredMarks marks = new DeferredMarks();
        for (int i = 0; i < DeferredMarks.MAX + 10; i++) {
            marks.add("s:" + i, Deferral.UPDATE.callbackType(), 0, 0);
        }
        assertThat(marks.size()).isEqualTo(DeferredMarks.MAX);
        assertThat(marks.callbackType("s:9", 0)).isZero();
        assertThat(marks.callbackType("s:10", 0)).isEqualTo(6);
        marks.add(
                "new",
                Deferral.UPDATE.callbackType(),
                DeferredMarks.LIFE_NANOS,
                DeferredMarks.LIFE_NANOS);
        assertThat(marks.size()).isEqualTo(1);
    }

    @Test
    void whatTheBotSettledMeanwhileIsNotTriedAgain() {
        dispatched(1, 2);
        loop.advance(SECOND.multipliedBy(2));
        desk.settled("s:1");
        discord.last().answer(new CallbackAnswer.Broken("no answer"));
        loop.advance(SECOND);
        assertThat(discord.posted).hasSize(1);
        assertThat(desk.stats().failed()).isZero();
    }

    @Test
    void isSilentOnceItIsClosed() {
        dispatched(1, 2);
        loop.advance(SECOND.multipliedBy(2));
        dispatched(2, 2);
        desk.close();
        discord.last().answer(new CallbackAnswer.Taken());
        dispatched(3, 2);
        loop.advance(SECOND.multipliedBy(5));
        assertThat(discord.posted).hasSize(1);
        assertThat(discord.closed).isTrue();
    }

    @Test
    void whatIsNotUnderstoodIsCounted() {
        desk.dispatched("s:1", new byte[] {'{'}, 0, 1, loop.micros());
        assertThat(desk.stats().notUnderstood()).isEqualTo(1);
    }

    /** A supervisor that dies or makes way leaves what it did to the next one. */
    @Test
    void whatWasDeferredOutlivesTheProcess(@TempDir Path dir) {
        Path file = dir.resolve("deferred");
        desk.keepIn(file, reports::add);
        dispatched(1, 2);
        dispatched(2, 3);
        loop.advance(SECOND.multipliedBy(2));
        discord.posted.forEach(callback -> callback.answer(new CallbackAnswer.Taken()));

        DeferDesk next = desk(true);
        next.keepIn(file, reports::add);
        assertThat(next.callbackType("s:1")).isEqualTo(5);
        assertThat(next.callbackType("s:2")).isEqualTo(6);
        assertThat(next.callbackType("s:3")).isZero();
        // The token's 15 minutes go on from when the event came.
        loop.advance(Duration.ofMinutes(15).minusSeconds(2).minusMillis(1));
        assertThat(next.callbackType("s:1")).isEqualTo(5);
        loop.advance(millis(1));
        assertThat(next.callbackType("s:1")).isZero();
        desk(true).keepIn(file, reports::add);
        assertThat(file).isEmptyFile();
        assertThat(reports).isEmpty();
    }

    @Test
    void whatCannotBeKeptIsSaidOnce(@TempDir Path dir) {
        desk.keepIn(dir.resolve("gone").resolve("deferred"), reports::add);
        for (int i = 1; i <= 3; i++) {
            dispatched(i, 2);
        }
        loop.advance(SECOND.multipliedBy(2));
        discord.posted.forEach(callback -> callback.answer(new CallbackAnswer.Taken()));
        assertThat(desk.callbackType("s:3")).isEqualTo(5);
        assertThat(reports).singleElement().asString().contains("can't be written");
    }
}
