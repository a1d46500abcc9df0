package gw.supervisor.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.ShardRange;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How fast guilds become more, and when a shard is full at that pace, in virtual time. */
class GrowthTest {
    private static final ShardRange TWO = new ShardRange(0, 1, 2);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private Instant now = Instant.parse("2026-11-26T10:00:00Z");
    private Growth growth = new Growth(() -> now);

    private void observe(int one, int other) {
        growth.observe(TWO, Counts.of(Map.of(0, one, 1, other)));
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void nothingIsSaidOfLessThanSixHours() {
        observe(1_000, 900);
        assertThat(growth.perDay()).isEmpty();
        pass(Duration.ofHours(6).minusMillis(1));
        observe(1_100, 900);
        assertThat(growth.perDay()).isEmpty();
        pass(Duration.ofMillis(1));
        observe(1_100, 900);
        assertThat(growth.perDay()).hasValue(400);
    }

    @Test
    void aDayIsWhatTheLastOneWas() {
        // Two a minute for three days, then one.
        int guilds = 0;
        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
            observe(guilds, 0);
            guilds += 2;
            pass(MINUTE);
        }
        assertThat(growth.perDay()).hasValue(2 * 24 * 60);
        for (int minute = 0; minute < 12 * 60; minute++) {
            observe(guilds, 0);
            guilds++;
            pass(MINUTE);
        }
        assertThat(growth.perDay().orElseThrow()).isBetween(36L * 60, 37L * 60);
        for (int minute = 0; minute < 13 * 60; minute++) {
            observe(guilds, 0);
            guilds++;
            pass(MINUTE);
        }
        assertThat(growth.perDay()).hasValue(24 * 60);
        assertThat(growth.kept().samples()).hasSizeBetween(24, 26);
    }

    @Test
    void itMayBeLess() {
        observe(1_000, 1_000);
        pass(Duration.ofHours(24));
        observe(1_000, 900);
        assertThat(growth.perDay()).hasValue(-100);
        assertThat(growth.reaches(80)).isEmpty();
    }

    @Test
    void saysWhenTheFullestShardIsFull() {
        observe(1_000, 900);
        assertThat(growth.reaches(80)).isEmpty();
        pass(Duration.ofHours(24));
        observe(1_000, 1_000);
        // 2,000 of a shard are twice as many: 2,000 guilds more, at 100 a day.
        assertThat(growth.reaches(80)).hasValue(now.plus(Duration.ofDays(20)).toEpochMilli());
        observe(2_000, 1_000);
        assertThat(growth.reaches(80)).hasValue(now.toEpochMilli());
        assertThat(growth.reaches(81).orElseThrow()).isGreaterThan(now.toEpochMilli());
    }

    @Test
    void aDayThatIsFurtherThanAnybodyPlansIsNever() {
        growth.observe(new ShardRange(0, 0, 1), Counts.of(Map.of(0, 0)));
        pass(HOUR.multipliedBy(24));
        growth.observe(new ShardRange(0, 0, 1), Counts.of(Map.of(0, 0)));
        assertThat(growth.perDay()).hasValue(0);
        assertThat(growth.reaches(80)).isEmpty();
        observe(1_000_000, 1);
        growth = new Growth(() -> now);
        observe(1, 1_000_000_000);
        assertThat(growth.reaches(1)).hasValue(now.toEpochMilli());
        growth = new Growth(() -> now);
        growth.observe(TWO, Counts.of(Map.of(0, 1, 1, 0)));
        pass(HOUR.multipliedBy(7 * 24));
        growth.observe(TWO, Counts.of(Map.of(0, 1, 1, 1)));
        assertThat(growth.reaches(100)).isEmpty();
    }

    /** While sessions begin, the count climbs from nothing: that is no growth. */
    @Test
    void countsThatAreNotCompleteTellNothing() {
        growth.observe(TWO, Counts.of(Map.of(0, 5)));
        assertThat(growth.kept()).isEqualTo(Growth.Kept.NOTHING);
        observe(5, 5);
        pass(HOUR.multipliedBy(24));
        growth.observe(TWO, Counts.of(Map.of(1, 5)));
        assertThat(growth.perDay()).isEmpty();
    }

    @Test
    void anotherShardCountHasTheSameGuildsAndAnotherPartHasOthers() {
        observe(1_000, 1_000);
        pass(HOUR.multipliedBy(24));
        growth.observe(new ShardRange(0, 3, 4), Counts.of(Map.of(0, 510, 1, 510, 2, 510, 3, 510)));
        assertThat(growth.perDay()).hasValue(40);
        growth.observe(new ShardRange(0, 1, 4), Counts.of(Map.of(0, 510, 1, 510)));
        assertThat(growth.perDay()).isEmpty();
    }

    @Test
    void aClockThatIsSetBackForgetsWhatHasNotBeenYet() {
        observe(1_000, 1_000);
        pass(HOUR.multipliedBy(24));
        observe(1_100, 1_000);
        assertThat(growth.perDay()).hasValue(100);
        pass(HOUR.multipliedBy(-12));
        observe(1_100, 1_000);
        assertThat(growth.perDay()).hasValue(200);
        pass(HOUR.multipliedBy(-24));
        observe(1_100, 1_000);
        assertThat(growth.perDay()).isEmpty();
    }

    /** After a time without gw the last that is known serves, but not one of long ago. */
    @Test
    void aGapIsBridgedForAWeek() {
        observe(1_000, 1_000);
        pass(Duration.ofDays(4));
        observe(1_200, 1_000);
        assertThat(growth.perDay()).hasValue(50);
        pass(Duration.ofDays(8));
        observe(1_300, 1_000);
        assertThat(growth.kept().samples()).hasSize(1);
        assertThat(growth.perDay()).isEmpty();
    }

    @Test
    void neverHoldsMoreThanItsBound() {
        for (int i = 0; i < 2_000; i++) {
            observe(i, 0);
            pass(Duration.ofMinutes(17));
        }
        assertThat(growth.kept().samples()).hasSizeLessThan(Growth.MOST_SAMPLES);
    }

    @Test
    void goesOnFromWhatWasKept() {
        for (int hour = 0; hour < 20; hour++) {
            observe(1_000 + hour, 0);
            pass(HOUR);
        }
        growth = new Growth(() -> now, growth.kept());
        assertThat(growth.perDay()).hasValue(24);
        List<Growth.Sample> foreign =
                List.of(
                        new Growth.Sample(now.toEpochMilli() - 10, 1, 1),
                        new Growth.Sample(now.toEpochMilli() - 20, 1, 1),
                        new Growth.Sample(now.toEpochMilli() + 20, 1, 1));
        growth = new Growth(() -> now, new Growth.Kept(Optional.of(TWO), foreign));
        assertThat(growth.kept().samples()).hasSize(1);
        observe(5, 5);
    }
}
