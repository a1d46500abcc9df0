package gw.supervisor.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/** How old a token may be (P5), and how long to wait before an authority is tried again (P7). */
class BeatsTest {
    private Duration passed = Duration.ZERO;
    private Duration slept = Duration.ZERO;

    @Test
    void whatNamesABeatIsNoOlder() {
        Beats beats = beats();
        long first = beats.next();
        passed = Duration.ofMillis(500);
        long second = beats.next();
        passed = Duration.ofMillis(700);
        assertThat(beats.ageNanos(first)).isEqualTo(Duration.ofMillis(700).toNanos());
        assertThat(beats.ageNanos(second)).isEqualTo(Duration.ofMillis(200).toNanos());
    }

    /** The monotonic clock stands still while the machine sleeps. */
    @Test
    void aSleepMakesTokensOld() {
        Beats beats = beats();
        long first = beats.next();
        slept = Duration.ofMinutes(5);
        assertThat(beats.ageNanos(first)).isEqualTo(slept.toNanos());
        slept = Duration.ofMinutes(-5);
        passed = Duration.ofSeconds(1);
        assertThat(beats.ageNanos(first)).isEqualTo(passed.toNanos());
    }

    @Test
    void aBeatThatNobodyKnowsIsInfinitelyOld() {
        Beats beats = beats();
        for (int i = 0; i < 100; i++) {
            var _ = beats.next();
        }
        assertThat(beats.ageNanos(100)).isZero();
        assertThat(beats.ageNanos(37)).isZero();
        for (long unknown : new long[] {0, -1, 101, 36, 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(beats.ageNanos(unknown)).isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void triesAgainEverMoreRarelyAndSlowlyAfterARefusal() {
        Redial redial = new Redial(new SplittableRandom(1));
        for (long millis : new long[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000}) {
            assertThat(redial.after(Status.UNAVAILABLE).toMillis())
                    .isBetween(millis * 7 / 10, millis * 13 / 10 + 1);
        }
        assertThat(redial.after(Status.UNAUTHENTICATED).toMillis()).isBetween(21_000L, 39_000L);
        redial.worked();
        assertThat(redial.after(Status.UNAVAILABLE).toMillis()).isBetween(70L, 131L);
    }

    private Beats beats() {
        Instant start = Instant.parse("2026-11-24T12:00:00Z");
        return new Beats(
                () -> start.plus(passed).plus(slept),
                () -> Long.MAX_VALUE - 1_000 + passed.toNanos());
    }
}
