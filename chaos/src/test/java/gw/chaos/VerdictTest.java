package gw.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.bot.BotAnswer;
import gw.sim.check.Balance;
import gw.sim.gateway.AbandonedSession;
import gw.sim.gateway.SimStats;
import gw.sim.interaction.InteractionStats;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run's evidence says about the promises. */
class VerdictTest {
    private static final int SHARDS = 50;
    private static final AbandonedSession LOST =
            new AbandonedSession("lost", 3, SHARDS, false, 1, 2);

    private Balance balance = balance(0, 0, 0, 0, 0);
    private long identifies = SHARDS + 2;
    private Map<String, Long> violations = Map.of();
    private List<AbandonedSession> abandoned = List.of();
    private List<AbandonedSession> excused = List.of();
    private Map<String, Long> gaps = Map.of("session_ended", 2L);
    private List<Deed> deeds = List.of();
    private long missedHeartbeats;
    private boolean drained = true;
    private boolean limited;
    private boolean pauses;
    private List<String> incidents = List.of();

    private static Balance balance(
            long redelivered, long missing, long outOfOrder, long corrupted, long unknown) {
        return new Balance(
                1_000,
                1_000 - missing,
                redelivered,
                0,
                0,
                missing,
                0,
                0,
                outOfOrder,
                corrupted,
                unknown,
                0,
                0,
                false,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** The sim has ended two sessions. */
    private List<String> broken() {
        return Verdict.of(
                        new Evidence(
                                SHARDS,
                                2_000,
                                64,
                                limited,
                                pauses,
                                balance,
                                new SimStats(
                                        SHARDS,
                                        60,
                                        identifies,
                                        10,
                                        SHARDS,
                                        2,
                                        1_000,
                                        900,
                                        Map.of(SHARDS, SHARDS),
                                        Map.of(SHARDS, identifies),
                                        0,
                                        new InteractionStats(0, Map.of(), 0, 0, 0, 0, 0),
                                        violations),
                                abandoned,
                                excused,
                                gaps,
                                deeds,
                                missedHeartbeats,
                                drained,
                                incidents))
                .broken();
    }

    private static Deed done(Action action) {
        return new Deed(action, 0, 1);
    }

    @Test
    void aRunInWhichAllIsAsItMustBeKeepsAllPromises() {
        assertThat(broken()).isEmpty();
    }

    @Test
    void eachFlawOfTheBalanceIsABrokenPromise() {
        balance = balance(0, 1, 2, 3, 4);
        assertThat(broken())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("P1: missing") && line.endsWith(": 1"))
                .anyMatch(line -> line.startsWith("P2:") && line.endsWith(": 2"));
    }

    @Test
    void anIdentifyTooManyIsNamedWithItsSession() {
        abandoned = List.of(LOST);
        identifies++;
        assertThat(broken())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("P4: identifies 53 (expected: 52"))
                .anyMatch(line -> line.contains("sessionId=lost"));
    }

    @Test
    void anIdentifyAfterALostReadyIsForced() {
        abandoned = List.of(LOST);
        excused = List.of(LOST);
        identifies++;
        assertThat(broken()).isEmpty();
    }

    @Test
    void oneIdentifyTooFewIsAsWrong() {
        identifies--;
        assertThat(broken()).hasSize(1).first().asString().startsWith("P4");
    }

    @Test
    void redeliveriesNeedSomethingThatExplainsThem() {
        balance = balance(65, 0, 0, 0, 0);
        assertThat(broken()).hasSize(1).first().asString().startsWith("P3: redelivered 65");
        deeds = List.of(done(new Action.KillWorker(0)), done(new Action.BotDown(Duration.ZERO)));
        assertThat(broken()).hasSize(1);
        deeds =
                List.of(
                        done(new Action.BotDown(Duration.ZERO)),
                        done(new Action.BotTrouble(new BotAnswer.Hang(), Duration.ZERO)));
        assertThat(broken()).isEmpty();
    }

    @Test
    void gapsOfTheQueueNeedALimitThatWasReached() {
        gaps = Map.of(Verdict.QUEUE_FULL, 1L);
        assertThat(broken()).hasSize(1).first().asString().contains("dropped by a limit");
        deeds = List.of(done(new Action.FillDisk(Duration.ofSeconds(1))));
        assertThat(broken()).isEmpty();
        deeds = List.of();
        limited = true;
        assertThat(broken()).isEmpty();
        pauses = true;
        assertThat(broken()).hasSize(1);
    }

    @Test
    void violationsAreBrokenPromisesButForHeartbeatsOfAStoppedWorker() {
        violations = Map.of("heartbeat_missed", 3L, "identify_too_fast", 1L);
        missedHeartbeats = 2;
        assertThat(broken())
                .containsExactlyInAnyOrder("P5: heartbeat_missed: 1", "P5: identify_too_fast: 1");
    }

    @Test
    void whatHappenedInBetweenCounts() {
        drained = false;
        incidents = List.of("gw went away");
        assertThat(broken()).hasSize(2).contains("gw went away");
    }
}
