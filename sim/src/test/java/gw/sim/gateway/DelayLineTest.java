package gw.sim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** What a session is told later than it happens: in its order within a guild (P2), all of it. */
class DelayLineTest {
    private static final long MILLI = 1_000_000;
    private static final long SKEW = 3_000 * MILLI;
    private static final int GUILDS = 7;

    private record Told(long happening, long guildId, long atNanos) {}

    /** Time, and what is to be done in it. */
    private static final class Time {
        private final TreeMap<Long, List<Runnable>> tasks = new TreeMap<>();
        private final List<Future<?>> handles = new ArrayList<>();
        private long now;

        Future<?> after(long nanos, Runnable task) {
            CompletableFuture<Void> handle = new CompletableFuture<>();
            handles.add(handle);
            tasks.computeIfAbsent(now + nanos, _ -> new ArrayList<>())
                    .add(() -> {
                        if (!handle.isCancelled()) {
                            task.run();
                        }
                    });
            return handle;
        }

        void advanceTo(long nanos) {
            while (!tasks.isEmpty() && tasks.firstKey() <= nanos) {
                var due = tasks.pollFirstEntry();
                now = due.getKey();
                due.getValue().forEach(Runnable::run);
            }
            now = nanos;
        }
    }

    private final Time time = new Time();
    private final List<Told> told = new ArrayList<>();

    private DelayLine line(long seed, int maxEvents) {
        return new DelayLine(
                SKEW,
                maxEvents,
                new SplittableRandom(seed),
                () -> time.now,
                time::after,
                (event, happening) -> told.add(new Told(happening, event.guildId(), time.now)));
    }

    private static SimEvent event(long guildId) {
        return new SimEvent("E", guildId, new byte[0]);
    }

    /** A thousand happenings, ten milliseconds apart. */
    private void happen(DelayLine line) {
        for (int i = 1; i <= 1_000; i++) {
            time.advanceTo(i * 10L * MILLI);
            line.add(event(i * 31 % GUILDS), i);
        }
        time.advanceTo(60_000 * MILLI);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void tellsAllWithinTheSkewAndInTheOrderOfEachGuild(long seed) {
        DelayLine line = line(seed, 100_000);
        happen(line);

        assertThat(told).hasSize(1_000);
        assertThat(line.size()).isZero();
        for (long guild = 0; guild < GUILDS; guild++) {
            long of = guild;
            assertThat(told.stream().filter(one -> one.guildId() == of).map(Told::happening))
                    .isSorted();
        }
        // A neighbour may have its turn instead: a few steps of 10 ms beyond.
        assertThat(told)
                .allSatisfy(one ->
                        assertThat(one.atNanos() - one.happening() * 10 * MILLI)
                                .isBetween(0L, SKEW + 100 * MILLI));
    }

    @Test
    void theDelayChanges() {
        happen(line(1, 100_000));

        assertThat(
                        told.stream()
                                .map(one ->
                                        (one.atNanos() - one.happening() * 10 * MILLI)
                                                / (500 * MILLI))
                                .distinct()
                                .count())
                .isGreaterThan(2);
    }

    @Test
    void twoSessionsDoNotAgreeOnTheOrderOfGuilds() {
        happen(line(1, 100_000));
        List<Long> one = told.stream().map(Told::happening).toList();
        told.clear();
        time.now = 0;
        happen(line(2, 100_000));
        List<Long> other = told.stream().map(Told::happening).toList();

        assertThat(one).isNotEqualTo(other).containsExactlyInAnyOrderElementsOf(other);
    }

    @Test
    void oneSeedGivesOneOrder() {
        happen(line(9, 100_000));
        List<Told> first = List.copyOf(told);
        told.clear();
        time.now = 0;
        happen(line(9, 100_000));

        assertThat(told).isEqualTo(first);
    }

    /** P7. */
    @Test
    void holdsNoMoreThanItMay() {
        DelayLine line = line(1, 10);
        for (int i = 1; i <= 100; i++) {
            line.add(event(GUILDS), i);
        }

        assertThat(line.size()).isEqualTo(10);
        assertThat(told).extracting(Told::happening).hasSize(90).isSorted();
    }

    @Test
    void whatWaitsWhenTheSessionEndsIsNeverTold() {
        DelayLine line = line(1, 100);
        line.add(event(1), 1);
        line.add(event(2), 2);
        line.drop();
        time.advanceTo(60_000 * MILLI);

        assertThat(told).isEmpty();
        assertThat(time.handles).isNotEmpty().allMatch(Future::isCancelled);
    }
}
