package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A GUILD_CREATE that is shown again is told apart as it was the first time. */
class StartUpsTest {
    private final StartUps startUps = new StartUps();

    @Test
    void allUpToTheLastButTheOthers() {
        startUps.came(2);
        startUps.otherCame(3);
        startUps.came(5);
        startUps.otherCame(9);
        assertThat(startUps.contains(2)).isTrue();
        assertThat(startUps.contains(3)).isFalse();
        assertThat(startUps.contains(5)).isTrue();
        assertThat(startUps.contains(9)).isFalse();
    }

    /** To deliver one too many is better than to leave out what happened (P1, P7). */
    @Test
    void whatIsForgottenWasOrdinary() {
        startUps.came(2);
        for (long sequence = 3; sequence < 3 + StartUps.MOST_OTHERS; sequence++) {
            startUps.otherCame(sequence);
        }
        startUps.came(1_000);
        assertThat(startUps.contains(2)).isTrue();
        startUps.otherCame(1_001);
        startUps.came(1_002);
        assertThat(startUps.others()).hasSize(StartUps.MOST_OTHERS);
        assertThat(startUps.contains(2)).isFalse();
        assertThat(startUps.contains(3)).isFalse();
        assertThat(startUps.contains(4)).isFalse();
        assertThat(startUps.contains(1_000)).isTrue();
        assertThat(startUps.contains(1_001)).isFalse();
        assertThat(startUps.contains(1_002)).isTrue();
    }
}
