package gw.sim.fault;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Faults that come one after another, for ever. The same seed gives the same faults at the same
 * offsets.
 *
 * @param seed chooses which fault comes and when
 * @param interval mean time between two faults; each comes somewhere in the middle half of its
 *     interval
 * @param faults names that {@link Fault#named} knows; empty: nothing ever happens
 */
public record FaultSchedule(long seed, Duration interval, List<String> faults) {
    /** One fault of a schedule; {@code offset} runs from the schedule's start. */
    public record Step(Duration offset, String name, Fault fault) {}

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException when the interval is below 1 ms or a name is unknown
     */
    public FaultSchedule {
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException("interval: " + interval + " (expected: >= 1 ms)");
        }
        faults = List.copyOf(faults);
        for (String name : faults) {
            var _ = Fault.named(name);
        }
    }

    /** Whether nothing ever happens. */
    public boolean isEmpty() {
        return faults.isEmpty();
    }

    /**
     * The fault with this place in the schedule; offsets grow with the index.
     *
     * @param index 0 is the first
     * @throws IllegalStateException when the schedule is empty
     */
    public Step step(int index) {
        if (faults.isEmpty()) {
            throw new IllegalStateException("an empty schedule has no steps");
        }
        SplittableRandom random = new SplittableRandom(seed + 0x9e3779b97f4a7c15L * index);
        double within = 0.25 + random.nextDouble() / 2;
        Duration offset =
                interval.multipliedBy(index).plusNanos((long) (interval.toNanos() * within));
        String name = faults.get(random.nextInt(faults.size()));
        return new Step(offset, name, Fault.named(name));
    }
}
