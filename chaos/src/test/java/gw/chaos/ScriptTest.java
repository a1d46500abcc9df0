package gw.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.fault.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A run is a seed. */
class ScriptTest {
    private static final Duration THREE_MINUTES = Duration.ofMinutes(3);
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    private static Script script(long seed, Duration length, Set<Kind> kinds) {
        return Script.of(seed, length, kinds, 2, 50);
    }

    @Test
    void oneSeedGivesOneTimeline() {
        assertThat(script(7, THREE_MINUTES, ALL))
                .isEqualTo(script(7, THREE_MINUTES, ALL))
                .isNotEqualTo(script(8, THREE_MINUTES, ALL));
    }

    @Test
    void everyKindAppearsInThreeMinutes() {
        for (long seed = 1; seed <= 50; seed++) {
            assertThat(kinds(script(seed, THREE_MINUTES, ALL))).as("seed " + seed).isEqualTo(ALL);
        }
    }

    /** All that the sim knows, in a longer run: nobody forgets a fault that is added. */
    @Test
    void everyFaultOfTheSimAppears() {
        Set<String> faults =
                script(3, Duration.ofMinutes(10), ALL).steps().stream()
                        .map(Script.Step::action)
                        .filter(Action.Inflict.class::isInstance)
                        .map(action -> ((Action.Inflict) action).name())
                        .collect(Collectors.toSet());
        assertThat(faults).isEqualTo(Fault.byName().keySet());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aKindThatIsLeftOutNeverAppearsAndLeavesOtherLanesAlone(Kind kind) {
        Script whole = script(11, THREE_MINUTES, ALL);
        Script without = script(11, THREE_MINUTES, EnumSet.complementOf(EnumSet.of(kind)));
        assertThat(kinds(without)).doesNotContain(kind);
        for (Lane lane : Lane.values()) {
            if (lane != kind.lane) {
                assertThat(without.of(lane)).isEqualTo(whole.of(lane));
            }
        }
    }

    @Test
    void nothingBeginsOrLastsInARestOrAfterTheEnd() {
        for (long seed = 1; seed <= 50; seed++) {
            for (Script.Step step : script(seed, THREE_MINUTES, ALL).steps()) {
                Duration end = step.at().plus(step.action().span());
                assertThat(end).isLessThanOrEqualTo(THREE_MINUTES);
                long period = Script.WINDOW.plus(Script.REST).toMillis();
                long into = step.at().toMillis() % period;
                assertThat(into + step.action().span().toMillis())
                        .as("seed " + seed + ": " + step)
                        .isLessThanOrEqualTo(Script.WINDOW.toMillis());
            }
        }
    }

    @Test
    void actionsOfOneLaneNeverOverlap() {
        Script script = script(5, Duration.ofMinutes(30), ALL);
        for (Lane lane : Lane.values()) {
            List<Script.Step> steps = script.of(lane);
            for (int i = 1; i < steps.size(); i++) {
                Script.Step before = steps.get(i - 1);
                assertThat(steps.get(i).at())
                        .isGreaterThanOrEqualTo(before.at().plus(before.action().span()));
            }
        }
    }

    @Test
    void victimsAreOfTheRun() {
        for (Script.Step step : Script.of(9, THREE_MINUTES, ALL, 3, 8).steps()) {
            switch (step.action()) {
                case Action.KillWorker(int worker) -> assertThat(worker).isBetween(0, 2);
                case Action.StopWorker(int worker, Duration _) ->
                        assertThat(worker).isBetween(0, 2);
                case Action.Inflict(String _, Fault _, int shard) ->
                        assertThat(shard).isBetween(0, 7);
                case Action.KillSupervisor _,
                        Action.StopSupervisor _,
                        Action.EndSupervisor _,
                        Action.KillAll _,
                        Action.Upgrade _,
                        Action.BotDown _,
                        Action.BotTrouble _,
                        Action.FillDisk _ ->
                        assertThat(step.action().words()).isNotEmpty();
            }
        }
    }

    @Test
    void aRunOfNothingIsEmpty() {
        assertThat(script(1, THREE_MINUTES, Set.of()).steps()).isEmpty();
    }

    private static Set<Kind> kinds(Script script) {
        return script.steps().stream()
                .map(step -> step.action().kind())
                .collect(Collectors.toSet());
    }
}
