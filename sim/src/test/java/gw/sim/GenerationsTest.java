package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.fault.Fault;
import gw.sim.gateway.AbandonedSession;
import gw.sim.gateway.SimSettings;
import gw.sim.ledger.SentEvent;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Two generations of sessions side by side, as when a bot is resharded. */
class GenerationsTest {
    @Test
    void aSessionThatBeginsWhileAnotherHasItsGuildsIsBesideIt() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            sim.ready(0, 2);
            sim.ready(1, 2);
            assertThat(sim.discord().ledger().besideSessions()).isEmpty();
            RawClient wider = sim.ready(1, 3);
            RawClient twin = sim.ready(1, 2);
            assertThat(sim.discord().ledger().besideSessions())
                    .containsExactlyInAnyOrder(wider.sessionId(), twin.sessionId());
            assertThat(sim.discord().abandoned()).isEmpty();
            assertThat(sim.discord().stats().sessionsByCount()).isEqualTo(Map.of(2, 3, 3, 1));
            assertThat(sim.discord().stats().identifiesByCount()).isEqualTo(Map.of(2, 3L, 3, 1L));
        }
    }

    /** 0 of 2 and 1 of 4 have no number in common. */
    @Test
    void shardsThatShareNoGuildAreNotBesideEachOther() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            sim.ready(0, 2);
            sim.ready(1, 4);
            assertThat(sim.discord().ledger().besideSessions()).isEmpty();
        }
    }

    /** P4: what nobody attends was left, were it only the sim that cut it off. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSessionWithoutAClientIsLeftByTheNextOfItsShard(boolean zombie) throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient first = sim.ready(0, 1);
            if (zombie) {
                sim.discord().inject(new Fault.SilentZombie(), 0);
            } else {
                first.vanish();
                TestSim.await(() -> sim.discord().stats().connections() == 0);
            }
            sim.ready(0, 1);
            assertThat(sim.discord().abandoned())
                    .extracting(AbandonedSession::sessionId)
                    .containsExactly(first.sessionId());
            assertThat(sim.discord().ledger().besideSessions()).isEmpty();
        }
    }

    /** Its process had died in just the moment in which the next generation identified. */
    @Test
    void aSessionThatIsResumedWasNotLeft() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient first = sim.ready(0, 1);
            first.vanish();
            TestSim.await(() -> sim.discord().stats().connections() == 0);
            RawClient next = sim.ready(0, 1);
            RawClient back = sim.connect();
            back.resume(sim.token(), first.sessionId(), 11);
            assertThat(back.nextOp(0).name()).isEqualTo("RESUMED");
            assertThat(sim.discord().abandoned()).isEmpty();
            assertThat(sim.discord().ledger().besideSessions()).containsExactly(next.sessionId());
            // And so its end forces an identify, as that of any other.
            sim.discord().inject(new Fault.CloseCode(4009), 0);
            sim.discord().inject(new Fault.CloseCode(4009), 0);
            TestSim.await(() -> sim.discord().stats().sessions() == 0);
            assertThat(sim.discord().stats().sessionsEnded()).isEqualTo(2);
        }
    }

    @Test
    void theEndOfTheOldGenerationIsNoViolationWhenTheNewOneHasAllItsGuilds() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient old = sim.ready(0, 1);
            sim.ready(0, 2);
            sim.ready(1, 2);
            end(sim, old);
            assertThat(sim.discord().stats().violations()).isEmpty();
            assertThat(sim.discord().stats().sessionsByCount()).isEqualTo(Map.of(2, 2));
        }
    }

    @Test
    void whoEndsItBeforeTheNewOneIsWholeThrowsASessionAway() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient old = sim.ready(0, 1);
            sim.ready(0, 2);
            end(sim, old);
            assertThat(sim.violations("session_ended_by_client")).isEqualTo(1);
        }
    }

    @Test
    void aReshardMayBeGivenUp() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient old = sim.ready(0, 1);
            RawClient next = sim.ready(1, 2);
            end(sim, next);
            assertThat(sim.discord().stats().violations()).isEmpty();
            end(sim, old);
            assertThat(sim.violations("session_ended_by_client")).isEqualTo(1);
        }
    }

    /** A shard without guilds is handed over to those that would have its guilds. */
    @Test
    void aShardWithoutGuildsIsHandedOverToo() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().sized(4, 1, 0))) {
            RawClient old = sim.ready(1, 2);
            sim.ready(1, 4);
            RawClient last = sim.ready(0, 2);
            sim.ready(3, 4);
            end(sim, old);
            assertThat(sim.discord().stats().violations()).isEmpty();
            end(sim, last);
            assertThat(sim.violations("session_ended_by_client")).isEqualTo(1);
        }
    }

    private static void end(TestSim sim, RawClient client) {
        int before = sim.discord().stats().sessions();
        client.close(1000);
        TestSim.await(() -> sim.discord().stats().sessions() == before - 1);
    }

    /** P5: the limits are those of the bot, not of one generation. */
    @Test
    void bothGenerationsShareTheBuckets() throws Exception {
        SimSettings slow =
                TestSim.settings()
                        .sized(8, 4, 10)
                        .timed(Duration.ofMinutes(1), Duration.ofSeconds(41));
        try (TestSim sim = new TestSim(slow)) {
            sim.ready(3, 8);
            sim.ready(2, 12);
            RawClient early = sim.connect();
            early.identify(sim.token(), 7, 12);
            assertThat(early.nextOp(9).d().asBoolean()).isFalse();
            assertThat(sim.violations("identify_too_fast")).isEqualTo(1);
        }
    }

    /** P1, P2: whatever the skew, each session is told all, each guild's in its order. */
    @Test
    void aSkewChangesWhenSessionsAreToldAndNothingElse() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().withSkew(Duration.ofMillis(200)))) {
            RawClient one = sim.ready(0, 1);
            RawClient two = sim.ready(0, 1);
            sim.discord().burst(400).get(5, TimeUnit.SECONDS);
            List<RawClient.Payload> ofOne = one.dispatches(400);
            List<RawClient.Payload> ofTwo = two.dispatches(400);

            sim.assertExactly(ofOne, one.sessionId(), 11);
            sim.assertExactly(ofTwo, two.sessionId(), 11);
            List<SentEvent> first = told(sim, one);
            List<SentEvent> second = told(sim, two);
            assertThat(first).extracting(SentEvent::sequence).isSorted();
            assertThat(numbers(first)).containsExactlyInAnyOrderElementsOf(numbers(second));
            assertThat(numbers(first)).isNotEqualTo(numbers(second)).doesNotHaveDuplicates();
            for (List<SentEvent> all : List.of(first, second)) {
                all.stream()
                        .collect(Collectors.groupingBy(SentEvent::guildId))
                        .values()
                        .forEach(guild -> assertThat(numbers(guild)).isSorted());
            }
            TestSim.await(() -> sim.discord().stats().underWay() == 0);
        }
    }

    private static List<SentEvent> told(TestSim sim, RawClient client) {
        return sim.sent(client.sessionId()).stream().filter(event -> !event.isOwn()).toList();
    }

    private static List<Long> numbers(List<SentEvent> events) {
        return new ArrayList<>(events.stream().map(SentEvent::happening).toList());
    }

    @Test
    void withoutASkewAllSessionsAreToldAtOnceUnderOneNumber() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient one = sim.ready(0, 1);
            RawClient two = sim.ready(0, 1);
            sim.discord().emit(0);
            sim.discord().emit(0);
            one.dispatches(2);
            two.dispatches(2);
            assertThat(numbers(told(sim, one))).isEqualTo(List.of(1L, 2L));
            assertThat(numbers(told(sim, two))).isEqualTo(List.of(1L, 2L));
            assertThat(sim.sent(one.sessionId()).stream().filter(SentEvent::isOwn)).hasSize(11);
        }
    }

    /** What nobody was told is owed to nobody. */
    @Test
    void whatASessionHadNotBeenToldWhenItsClientEndedItWasNeverSent() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings().withSkew(Duration.ofMinutes(1)))) {
            RawClient client = sim.ready(0, 1);
            sim.discord().burst(50).get(5, TimeUnit.SECONDS);
            assertThat(sim.discord().stats().underWay()).isPositive();
            end(sim, client);
            assertThat(sim.discord().stats().underWay()).isZero();
            assertThat(sim.discord().stats().sent()).isLessThan(61);
        }
    }
}
