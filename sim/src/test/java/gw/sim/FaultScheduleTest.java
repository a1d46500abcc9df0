package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchIllegalArgumentException;

import gw.sim.fault.Fault;
import gw.sim.fault.FaultSchedule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Faults by name, and one after another. */
class FaultScheduleTest {
    private static final Duration QUIET = Duration.ofMillis(150);

    @ParameterizedTest
    @ValueSource(strings = {"close-999", "close", "reconnect!", ""})
    void unknownNamesAreRefusedWithAListOfThose(String name) {
        assertThat(catchIllegalArgumentException(() -> Fault.named(name)))
                .hasMessageContaining("expected: close-1000");
    }

    @Test
    void aScheduleIsTheSameForItsSeed() {
        List<String> names = List.of("reconnect", "reset", "close-4000", "invalid-session");
        assertThat(steps(new FaultSchedule(3, Duration.ofSeconds(10), names)))
                .isEqualTo(steps(new FaultSchedule(3, Duration.ofSeconds(10), names)))
                .isNotEqualTo(steps(new FaultSchedule(4, Duration.ofSeconds(10), names)));
    }

    private static List<FaultSchedule.Step> steps(FaultSchedule schedule) {
        List<FaultSchedule.Step> steps = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            steps.add(schedule.step(i));
            assertThat(steps.get(i).offset())
                    .isBetween(Duration.ofSeconds(10L * i), Duration.ofSeconds(10L * (i + 1)));
        }
        assertThat(new HashSet<>(steps.stream().map(FaultSchedule.Step::name).toList())).hasSize(4);
        return steps;
    }

    @Test
    void aScheduleRunsUntilItIsReplaced() throws Exception {
        try (TestSim sim = new TestSim(TestSim.settings())) {
            RawClient client = sim.ready(0, 1);
            sim.discord()
                    .schedule(new FaultSchedule(1, Duration.ofMillis(20), List.of("reconnect")));
            for (int i = 0; i < 3; i++) {
                assertThat(client.next().op()).isEqualTo(7);
            }
            sim.discord().schedule(new FaultSchedule(1, Duration.ofMillis(20), List.of()));
            sim.discord().emit(0);
            client.nextOp(0);
            assertThat(client.poll(QUIET)).isNull();
        }
    }
}
