package gw.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.check.Balance;
import gw.sim.gateway.SimSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Sim, bot and check together, with a client between them that is right, or not. */
@Timeout(60)
class SimRunTest {
    private static final int EVENTS = 2_000;

    @Test
    void aClientThatForwardsAllBalances() throws Exception {
        try (SimRun run = SimRun.start(plan(Duration.ZERO));
                RelayClient relay = new RelayClient(run, _ -> true)) {
            relay.awaitForwarded(EVENTS);
            run.quiesce();
            relay.awaitForwarded((int) run.stats().sent());

            Balance balance = run.balance().orElseThrow();
            assertThat(balance.balanced()).as(balance.explain()).isTrue();
            assertThat(balance.sent()).isGreaterThanOrEqualTo(EVENTS);
            assertThat(balance.received()).isEqualTo(balance.sent());
            assertThat(balance.latency()).isPresent();
            assertThat(run.stats().violations()).isEmpty();
        }
    }

    /** P1: what happened before it fell silent is told to the sessions, however late. */
    @Test
    void aSkewIsWaitedFor() throws Exception {
        try (SimRun run = SimRun.start(plan(Duration.ofMillis(300)));
                RelayClient relay = new RelayClient(run, _ -> true)) {
            relay.awaitForwarded(EVENTS);
            run.quiesce();
            assertThat(run.stats().underWay()).isZero();
            relay.awaitForwarded((int) run.stats().sent());

            Balance balance = run.balance().orElseThrow();
            assertThat(balance.balanced()).as(balance.explain()).isTrue();
            assertThat(balance.received()).isEqualTo(balance.sent());
        }
    }

    @Test
    void aClientThatDropsOneInAHundredDoesNot() throws Exception {
        try (SimRun run = SimRun.start(plan(Duration.ZERO));
                RelayClient relay = new RelayClient(run, sequence -> sequence % 100 != 0)) {
            relay.awaitForwarded(EVENTS);
            run.quiesce();
            relay.awaitForwarded((int) run.stats().sent());

            Balance balance = run.balance().orElseThrow();
            assertThat(balance.balanced()).isFalse();
            assertThat(balance.missing()).isEqualTo(balance.sent() / 100);
        }
    }

    private static SimPlan plan(Duration skew) {
        return new SimPlan(
                SimSettings.defaults()
                        .sized(1, 1, 20)
                        .timed(Duration.ofMillis(100), Duration.ofSeconds(40))
                        .withSkew(skew),
                2_000,
                List.of(),
                Optional.empty(),
                OptionalInt.of(0),
                Optional.of("secret"),
                Optional.empty());
    }
}
