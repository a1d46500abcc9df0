package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Optional;

/** A reshard begins only when all its identifies and the reserve have room (P4, P5). */
class RoomTest {
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
    private static final Instant RESET = Instant.parse("2026-11-26T18:30:00Z");

    private static Room room(int identifies, int reserve, int total, int remaining) {
        return Room.of(
                identifies, reserve, new SessionStarts(total, remaining, Optional.of(RESET)), NOW);
    }

    @Test
    void whatFitsWithTheReserveMayBeginNow() {
        assertThat(room(12, 50, 1_000, 62))
                .isEqualTo(
                        new Room.Now(
                                "12 session starts and a reserve of 50 have room in the 62 that are"
                                        + " left of 1,000"));
    }

    @Test
    void oneTooManyWaitsForTheReset() {
        assertThat(room(12, 50, 1_000, 61))
                .isEqualTo(
                        new Room.NotBefore(
                                RESET,
                                "12 session starts and a reserve of 50 have no room in the 61 that"
                                        + " are left of 1,000; the limit is full again at"
                                        + " 2026-11-26T18:30:00Z"));
    }

    @Test
    void aResetThatHasPassedHasMadeRoom() {
        SessionStarts limit = new SessionStarts(1_000, 0, Optional.of(NOW));
        assertThat(Room.of(12, 50, limit, NOW)).isInstanceOf(Room.Now.class);
        assertThat(Room.of(12, 50, new SessionStarts(1_000, 3, Optional.empty()), NOW))
                .isInstanceOf(Room.Now.class);
    }

    @Test
    void whatTheWholeLimitCannotHoldNeverFits() {
        assertThat(room(951, 50, 1_000, 1_000)).isInstanceOf(Room.Never.class);
        assertThat(room(951, 50, 1_000, 1_000).words()).contains("without the reserve they would");
        assertThat(room(1_001, 50, 1_000, 1_000).words())
                .contains("1,001 session starts", "limit of 1,000", "more than one of its windows");
        assertThat(room(950, 50, 1_000, 999)).isInstanceOf(Room.NotBefore.class);
        assertThat(room(Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000, 1_000))
                .isInstanceOf(Room.Never.class);
    }

    @Test
    void aLimitThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new SessionStarts(5, 6, Optional.empty()))
                .hasMessageContaining("6 of 5");
        assertThatThrownBy(() -> new SessionStarts(5, -1, Optional.empty()))
                .hasMessageContaining("-1 of 5");
    }
}
