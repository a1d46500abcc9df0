package gw.sim.event;

import java.util.random.RandomGenerator;

/**
 * A type of dispatch and how often it comes.
 *
 * @param name its {@code t}
 * @param weight among those of its place, guild or not
 * @param templates to choose from
 */
@SuppressWarnings("ArrayRecordComponent")
record EventKind(String name, int weight, EventTemplate[] templates) {
    EventTemplate pick(RandomGenerator random) {
        return templates[random.nextInt(templates.length)];
    }
}
