package gw.bench.reshard;

import gw.sim.check.Balance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one reshard came to.
 *
 * @param outcome gw's own word: "done", or why not
 * @param identifies spent from the order on
 * @param sessionsEnded by the sim, for which an identify may be spent
 * @param violations of Discord's rules, by kind, from the start of gw on
 * @param floor what Discord's identify limit alone takes
 * @param toSwitch from the order until the bot was told of the new count; empty: never
 * @param toEnd from the order until gw called it over
 * @param merged had by both generations, by gw's count
 * @param added had by the new one alone
 * @param duplicatesPossible could not be told apart
 * @param latencyDuring from the order to a second before the switch
 * @param latencyAround the second before the switch and the second after it
 * @param latencyAfter from then on
 * @param flaws lost, doubled, out of order: each in words
 */
record Figures(
        Change change,
        String outcome,
        Balance balance,
        long identifies,
        long sessionsEnded,
        Map<String, Long> violations,
        Duration floor,
        Duration overlap,
        Optional<Duration> toSwitch,
        Duration toEnd,
        long merged,
        long added,
        long duplicatesPossible,
        Optional<Memory.Look> memoryBefore,
        Optional<Memory.Look> memoryPeak,
        Optional<Memory.Look> memoryAfter,
        Optional<Arrivals.Slice> latencyBefore,
        Optional<Arrivals.Slice> latencyDuring,
        Optional<Arrivals.Slice> latencyAround,
        Optional<Arrivals.Slice> latencyAfter,
        List<String> flaws) {
    /** Whether nothing was lost, doubled, out of order or spent in vain. */
    boolean clean() {
        return outcome.equals("done")
                && balance.balanced()
                && flaws.isEmpty()
                && violations.isEmpty()
                && identifies == change.to();
    }

    /** By how much the switch came later than the floor and the overlap allow, in percent. */
    Optional<Double> beyondPercent() {
        double allowed = floor.plus(overlap).toNanos();
        return toSwitch.map(took -> 100 * (took.toNanos() / allowed - 1));
    }
}
