package gw.supervisor.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Whatever bot and Discord do: no rule is broken, and every interaction ends once (P5, P7). */
class DeferRandomTest {
    private static final Duration DEFER_AFTER = Duration.ofMillis(1_500);
    private static final int STEPS = 6_000;

    /** A Discord with moods, and what it knows of each interaction. */
    private static final class Moody implements DeferTransport {
        private final VirtualLoop loop;
        private final SplittableRandom random;
        private final Map<String, Long> receivedNanos = new HashMap<>();
        private final Map<String, Long> notBeforeNanos = new HashMap<>();
        private final Map<String, Integer> broken = new HashMap<>();
        private final Set<String> settled = new HashSet<>();
        private final Set<String> acknowledged = new HashSet<>();
        private final Set<String> told = new HashSet<>();
        private long lastAwayNanos = Long.MIN_VALUE;
        private boolean away;
        private long allNotBeforeNanos;
        private int underWay;

        Moody(VirtualLoop loop, SplittableRandom random) {
            this.loop = loop;
            this.random = random;
        }

        @Override
        public void post(InteractionFacts interaction, String json, Outcome outcome) {
            String id = interaction.id();
            long now = loop.getAsLong();
            long received = receivedNanos.getOrDefault(id, 0L);
            assertThat(settled).doesNotContain(id);
            assertThat(now - received).isLessThanOrEqualTo(DeferDesk.SEND_WITHIN_NANOS);
            assertThat(now).isGreaterThanOrEqualTo(allNotBeforeNanos);
            assertThat(now).isGreaterThanOrEqualTo(notBeforeNanos.getOrDefault(id, 0L));
            if (now - received < DEFER_AFTER.toNanos()) {
                assertThat(away || lastAwayNanos >= received).isTrue();
            }
            assertThat(broken.getOrDefault(id, 0)).isLessThan(2);
            underWay++;
            assertThat(underWay).isLessThanOrEqualTo(DeferDesk.MAX_IN_FLIGHT);
            CallbackAnswer answer = answer(id);
            loop.in(
                    Duration.ofMillis(1 + random.nextInt(400)),
                    () -> {
                        underWay--;
                        if (answer instanceof CallbackAnswer.SlowDown(Duration wait, boolean all)) {
                            long until = loop.getAsLong() + wait.toNanos();
                            notBeforeNanos.put(id, until);
                            allNotBeforeNanos =
                                    all ? Math.max(allNotBeforeNanos, until) : allNotBeforeNanos;
                        } else if (answer instanceof CallbackAnswer.Blocked) {
                            allNotBeforeNanos =
                                    Math.max(
                                            allNotBeforeNanos,
                                            loop.getAsLong() + Duration.ofSeconds(30).toNanos());
                        }
                        outcome.answered(answer);
                    });
        }

        private CallbackAnswer answer(String id) {
            int dice = random.nextInt(1_000);
            if (dice < 100) {
                broken.merge(id, 1, Integer::sum);
                if (dice < 50) {
                    acknowledged.add(id);
                }
                return new CallbackAnswer.Broken("broken");
            }
            if (dice < 150) {
                return new CallbackAnswer.SlowDown(
                        Duration.ofMillis(random.nextInt(2_000)), dice < 110);
            }
            if (dice == 150) {
                return new CallbackAnswer.Blocked(403);
            }
            if (dice < 170) {
                return dice < 160
                        ? new CallbackAnswer.Unknown()
                        : new CallbackAnswer.Refused(400, 50035);
            }
            boolean before = !acknowledged.add(id);
            told.add(id);
            return before ? new CallbackAnswer.Acknowledged() : new CallbackAnswer.Taken();
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 77, -9})
    void everyInteractionEndsOnceAndInTime(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        VirtualLoop loop = new VirtualLoop();
        Moody discord = new Moody(loop, random);
        DeferDesk desk = new DeferDesk(true, DEFER_AFTER, discord, loop, loop, loop);
        int burst = 1 + random.nextInt(6);
        for (int i = 1; i <= STEPS; i++) {
            String id = Integer.toString(i);
            byte[] payload =
                    ("{\"d\":{\"id\":\"" + id + "\",\"token\":\"t\",\"type\":2}}")
                            .getBytes(StandardCharsets.UTF_8);
            discord.receivedNanos.put(id, loop.getAsLong());
            desk.dispatched(id, payload, 0, payload.length, loop.micros());
            if (random.nextInt(100) < 60) {
                loop.in(
                        Duration.ofMillis(random.nextInt(4_000)),
                        () -> {
                            discord.settled.add(id);
                            desk.settled(id);
                        });
            }
            if (random.nextInt(200) == 0) {
                discord.away = !discord.away;
                discord.lastAwayNanos = loop.getAsLong();
                desk.botAway(discord.away);
            }
            DeferStats stats = desk.stats();
            assertThat(stats.waiting()).isLessThanOrEqualTo(DeferDesk.MAX_WAITING);
            if (i % burst == 0) {
                loop.advance(Duration.ofMillis(random.nextInt(60)));
            }
        }
        loop.advance(Duration.ofMinutes(2));

        DeferStats end = desk.stats();
        assertThat(end.waiting()).isZero();
        assertThat(end.inFlight()).isZero();
        assertThat(discord.underWay).isZero();
        assertThat(end.deferred()).isEqualTo(discord.told.size());
        assertThat(end.deferred()).isGreaterThan(100);
        long unsettled = (long) discord.receivedNanos.size() - discord.settled.size();
        long ended =
                end.deferred()
                        + end.acknowledged()
                        + end.tooLate()
                        + end.limited()
                        + end.failed()
                        + end.notTaken();
        assertThat(ended).isBetween(unsettled, (long) STEPS);
        for (int i = 1; i <= STEPS; i++) {
            String id = Integer.toString(i);
            boolean marked = discord.told.contains(id) && !discord.settled.contains(id);
            assertThat(desk.callbackType(id)).as(id).isEqualTo(marked ? 5 : 0);
        }
    }
}
