package gw.supervisor.identify;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.identify.SimulatedFleet.Faults;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** Whole starts, with Discord's own eyes on every IDENTIFY. */
class IdentifyRandomTest {
    @TempDir private Path dir;

    /**
     * P5: whatever breaks, no limit is crossed over all generations, the one that serves goes first
     * in each bucket, and every shard gets its token in the end.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(
            longs = {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
                24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40
            })
    void crossesNoLimitAndForgetsNobody(long seed) {
        Random random = new Random(seed);
        int shards = 1 + random.nextInt(60);
        int concurrency = new int[] {1, 2, 3, 16}[random.nextInt(4)];
        Faults faults =
                new Faults(
                        random.nextInt(300),
                        random.nextInt(200),
                        random.nextInt(100),
                        random.nextInt(60),
                        random.nextInt(200),
                        random.nextInt(60));
        SimulatedFleet fleet =
                new SimulatedFleet(
                        random,
                        faults,
                        dir.resolve("budget.json"),
                        shards,
                        seed % 2 == 0 ? 0 : 1 + random.nextInt(60),
                        1 + random.nextInt(20),
                        concurrency,
                        10 + random.nextInt(100),
                        Duration.ofMinutes(5 + random.nextInt(20)));
        fleet.start();
        if (seed % 4 == 1) {
            fleet.time.afterMillis(random.nextInt(200_000), fleet::bringForward);
        }
        boolean faultyDone = fleet.runUntilAllIdentified(Duration.ofMinutes(30));
        fleet.endFaults();
        boolean done = faultyDone || fleet.runUntilAllIdentified(Duration.ofHours(2));

        assertThat(fleet.violations).as("seed %d", seed).isEmpty();
        assertThat(done)
                .as(
                        "seed %d: all of %d shards, now %s",
                        seed, fleet.shards.size(), fleet.limiter().snapshot())
                .isTrue();
        assertThat(fleet.limiter().snapshot().queued()).as("seed %d", seed).isZero();
    }

    /** N shards take ceil(N / max_concurrency) windows, which is Discord's own floor. */
    @ParameterizedTest
    @CsvSource({"1,1", "16,1", "100,1", "885,1", "1,16", "16,16", "100,16", "885,16"})
    void identifiesAtDiscordsOwnPace(int shards, int concurrency) {
        SimulatedFleet fleet =
                new SimulatedFleet(
                        new Random(shards),
                        Faults.none(50),
                        dir.resolve("budget.json"),
                        shards,
                        0,
                        25,
                        concurrency,
                        20_000,
                        Duration.ofDays(1));
        fleet.start();
        long floorMillis = Math.ceilDiv(shards, concurrency) * SimulatedFleet.DISCORD_WINDOW_MILLIS;
        assertThat(fleet.runUntilAllIdentified(Duration.ofMillis(2 * floorMillis))).isTrue();
        fleet.time.pass(Duration.ofSeconds(1));

        assertThat(fleet.violations).isEmpty();
        assertThat(fleet.identifies).isEqualTo(shards);
        assertThat(fleet.lastIdentifyMillis).isLessThanOrEqualTo(floorMillis * 103 / 100);
        assertThat(fleet.limiter().snapshot().spent()).isEqualTo(shards);
        assertThat(fleet.limiter().snapshot().remaining()).isEqualTo(20_000 - shards);
    }
}
