package gw.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.gateway.AbandonedSession;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** P4: which identifies nobody is to blame for. */
class JudgeTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** It lived from 100 s to 110 s. */
    private static AbandonedSession session(boolean acknowledged) {
        return new AbandonedSession("s", 3, 50, acknowledged, 100 * SECOND, 110 * SECOND);
    }

    private static Deed kill(long second) {
        return new Deed(new Action.KillWorker(0), second * SECOND, second * SECOND);
    }

    @Test
    void excusesAReadyThatWasLostWhenAProcessWasKilled() {
        AbandonedSession lost = session(false);
        assertThat(Judge.excused(List.of(lost), Set.of(), List.of(kill(101))))
                .containsExactly(lost);
    }

    @Test
    void excusesNothingThatTheClientSaidItKnew() {
        assertThat(Judge.excused(List.of(session(true)), Set.of(), List.of(kill(101)))).isEmpty();
    }

    @Test
    void excusesNothingOfWhichTheBotHasAnEvent() {
        assertThat(Judge.excused(List.of(session(false)), Set.of("s"), List.of(kill(101))))
                .isEmpty();
    }

    @Test
    void excusesNothingWhenNothingWasDoneWhileTheSessionLived() {
        assertThat(
                        Judge.excused(
                                List.of(session(false)),
                                Set.of(),
                                List.of(
                                        kill(90),
                                        kill(111),
                                        new Deed(
                                                new Action.BotDown(Duration.ofSeconds(9)),
                                                100 * SECOND,
                                                109 * SECOND))))
                .isEmpty();
    }
}
