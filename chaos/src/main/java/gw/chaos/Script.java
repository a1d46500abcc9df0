package gw.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What happens in a run, and when: a pure function of the seed and the settings. Each lane has its
 * own randomness, so that a kind that is left out changes its own lane alone. Now and then nothing
 * happens for {@link #REST}: gw must be able to recover, or it would only ever be seen on its
 * knees.
 *
 * @param steps in the order of their times
 */
record Script(List<Step> steps) {
    /** Time in which actions happen before the next rest. */
    static final Duration WINDOW = Duration.ofSeconds(40);

    /** Time in which none begins or lasts. */
    static final Duration REST = Duration.ofSeconds(10);

    private static final long PERIOD_MILLIS = WINDOW.plus(REST).toMillis();

    /**
     * An action and its time.
     *
     * @param at from the begin of the run
     */
    record Step(Duration at, Action action) {}

    Script {
        steps = List.copyOf(steps);
    }

    /**
     * The script of a run.
     *
     * @param length no action begins or lasts after it
     * @param kinds what may happen
     */
    static Script of(long seed, Duration length, Set<Kind> kinds, int workers, int shards) {
        List<Step> steps = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            SplittableRandom random =
                    new SplittableRandom(seed * 0x9e3779b97f4a7c15L + lane.name().hashCode());
            Deck deck = new Deck(lane, kinds, workers, shards, random.split());
            if (!deck.isEmpty()) {
                fill(steps, lane, deck, random, length.toMillis());
            }
        }
        steps.sort(Comparator.comparing(Step::at));
        return new Script(steps);
    }

    /** The steps of one lane, in their order. */
    List<Step> of(Lane lane) {
        return steps.stream().filter(step -> step.action().kind().lane == lane).toList();
    }

    private static void fill(
            List<Step> steps, Lane lane, Deck deck, SplittableRandom random, long lengthMillis) {
        long at = gap(lane, random);
        while (at < lengthMillis) {
            long into = at % PERIOD_MILLIS;
            long room = Math.min(WINDOW.toMillis() - into, lengthMillis - at);
            Optional<Action> fitting =
                    room > 0 ? deck.next(Duration.ofMillis(room)) : Optional.empty();
            if (fitting.isPresent()) {
                steps.add(new Step(Duration.ofMillis(at), fitting.get()));
                at += fitting.get().span().toMillis() + gap(lane, random);
            } else {
                at += PERIOD_MILLIS - into + random.nextLong(lane.shortestMillis);
            }
        }
    }

    private static long gap(Lane lane, SplittableRandom random) {
        return random.nextLong(lane.shortestMillis, lane.longestMillis + 1);
    }
}
