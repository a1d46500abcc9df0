package gw.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * 2,000 events a second over 50 shards in two workers, while everything is killed, stopped and
 * hindered: nothing is lost (P1), out of order (P2) or delivered twice without its id (P3), and no
 * identify is spent that the sim didn't force (P4).
 */
@Timeout(900)
class ChaosIT {
    /** Those that gw stands. */
    private static final Set<Kind> KINDS = EnumSet.copyOf(Kind.STANDARD);

    /** Most of the seeds that once failed that are tried again; the newest, from the list's end. */
    private static final int MOST_SEEDS = 8;

    private static final Duration SHORT = Duration.ofSeconds(35);

    @Test
    void keepsAllPromisesForThreeMinutes() throws Exception {
        assertKept(run(20_261_125, Duration.ofMinutes(3), KINDS, List.of()));
    }

    /** The queue is full again and again: what it drops is told, exactly (P1, P7). */
    @Test
    void keepsAllPromisesWithASmallQueue() throws Exception {
        assertKept(
                run(
                        4,
                        SHORT,
                        KINDS,
                        List.of("--queue-max-bytes", "8m", "--defer-interactions", "ephemeral")));
    }

    /** A list is settled as one, and taken apart when it fails: no promise is less for that. */
    @Test
    void keepsAllPromisesWithListsOfEvents() throws Exception {
        assertKept(run(11, SHORT, KINDS, List.of("--batch-max", "32", "--batch-linger", "2ms")));
    }

    /** A line of {@code failing-seeds.txt}: seed, actions with commas between them, why. */
    record FailingSeed(long seed, Set<Kind> kinds, String why) {
        static FailingSeed of(String line) {
            String[] parts = line.split(" +", 3);
            Set<Kind> kinds = EnumSet.noneOf(Kind.class);
            Stream.of(parts[1].split(",")).map(Kind::named).forEach(kinds::add);
            return new FailingSeed(Long.parseLong(parts[0]), kinds, parts[2]);
        }
    }

    static List<FailingSeed> failingSeeds() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ChaosIT.class.getResourceAsStream("failing-seeds.txt"))) {
            List<FailingSeed> all =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(FailingSeed::of)
                            .toList();
            return all.subList(Math.max(0, all.size() - MOST_SEEDS), all.size());
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("failingSeeds")
    void keepsAllPromisesWhereItOnceDidNot(FailingSeed failing) throws Exception {
        assertKept(run(failing.seed(), SHORT, failing.kinds(), List.of()));
    }

    private static Outcome run(long seed, Duration length, Set<Kind> kinds, List<String> options)
            throws Exception {
        return Chaos.run(
                new Settings(
                        seed,
                        length,
                        2_000,
                        50,
                        2,
                        1_000,
                        kinds,
                        Duration.ofMinutes(4),
                        256,
                        binGw(),
                        options,
                        Files.createTempDirectory("gw-chaos-").toRealPath()),
                System.out,
                false);
    }

    private static void assertKept(Outcome outcome) {
        System.out.println(Summary.text(outcome));
        assertThat(outcome.unable()).isEmpty();
        assertThat(outcome.verdict().broken()).as(() -> Summary.text(outcome)).isEmpty();
        assertThat(outcome.evidence().balance().sent())
                .isGreaterThan(1_000 * outcome.settings().length().toSeconds());
        assertThat(outcome.evidence().deeds()).isNotEmpty();
    }

    private static Path binGw() {
        Path here = Path.of("").toAbsolutePath();
        for (Path at = here; at != null; at = at.getParent()) {
            Path gw = at.resolve("bin/gw");
            if (Files.isExecutable(gw)) {
                return gw;
            }
        }
        throw new IllegalStateException("bin/gw was not found above " + here);
    }
}
