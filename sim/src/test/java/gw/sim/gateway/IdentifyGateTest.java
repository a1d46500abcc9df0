package gw.sim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.ledger.Violations;

import org.junit.jupiter.api.Test;

import java.time.Duration;

/** P5: Discord's limits on IDENTIFY, in a time of the test's own. */
class IdentifyGateTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Violations violations = new Violations();

    private IdentifyGate gate(SimSettings settings) {
        return new IdentifyGate(settings, violations, 0);
    }

    @Test
    void theBucketIsTheShardModuloMaxConcurrencyWhateverTheCount() {
        IdentifyGate gate = gate(SimSettings.defaults().sized(8, 4, 0));
        assertThat(gate.identify(3, 0)).isEqualTo(IdentifyGate.Verdict.ACCEPTED);
        assertThat(gate.identify(11, SECOND)).isEqualTo(IdentifyGate.Verdict.TOO_FAST);
        assertThat(gate.identify(8, SECOND)).isEqualTo(IdentifyGate.Verdict.ACCEPTED);
        assertThat(gate.identify(7, 7 * SECOND)).isEqualTo(IdentifyGate.Verdict.ACCEPTED);
        assertThat(violations.counts()).containsOnlyKeys("identify_too_fast");
    }

    @Test
    void theLimitIsFullAgainAfterEachPeriod() {
        IdentifyGate gate =
                gate(
                        SimSettings.defaults()
                                .limited(2, 1, SimSettings.KNOWN_INTENTS)
                                .withStartReset(Duration.ofMinutes(1)));
        assertThat(gate.identify(0, 0)).isEqualTo(IdentifyGate.Verdict.ACCEPTED);
        assertThat(gate.identify(0, 10 * SECOND)).isEqualTo(IdentifyGate.Verdict.OVER_LIMIT);
        assertThat(gate.resetAfterMillis(50 * SECOND)).isEqualTo(10_000);
        assertThat(gate.remaining(59 * SECOND)).isZero();
        assertThat(gate.remaining(60 * SECOND)).isEqualTo(2);
        assertThat(gate.identify(0, 61 * SECOND)).isEqualTo(IdentifyGate.Verdict.ACCEPTED);
        assertThat(gate.remaining(62 * SECOND)).isEqualTo(1);
        assertThat(gate.resetAfterMillis(62 * SECOND)).isEqualTo(58_000);
    }
}
