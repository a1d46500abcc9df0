package gw.bench.reshard;

import java.time.Duration;
import java.util.List;

/**
 * How long everything takes.
 *
 * @param identifyWindow the sim's, between two identifies of one bucket
 * @param skew by how much later than another a session may be told of an event
 * @param overlap gw's
 * @param warm under load before anything is measured
 * @param before measured before the order
 * @param after measured when the reshard is over
 * @param options of gw besides
 */
record Pace(
        Duration identifyWindow,
        Duration skew,
        Duration overlap,
        Duration warm,
        Duration before,
        Duration after,
        List<String> options) {
    /** Discord's window, gw's defaults. */
    static final Pace REAL =
            new Pace(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(15),
                    List.of());

    /**
     * To try the bench itself. gw's interval is twice the sim's window, or a machine that stalls
     * for a moment would look like a broken rule.
     */
    static final Pace QUICK =
            new Pace(
                    Duration.ofMillis(250),
                    Duration.ofMillis(600),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    List.of("--identify-interval", "500ms"));
}
