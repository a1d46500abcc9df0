package gw.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What gw's options mean for the judgement. */
class SettingsTest {
    private static int underWay(String... gwOptions) {
        return new Settings(
                        1,
                        Duration.ofMinutes(1),
                        1_000,
                        4,
                        2,
                        10,
                        Set.of(),
                        Duration.ofMinutes(1),
                        256,
                        Path.of("gw"),
                        List.of(gwOptions),
                        Path.of("/nowhere"))
                .underWay();
    }

    /** P3: so many events may come twice when the bot or the supervisor is hit. */
    @Test
    void whatMayBeUnderWayFollowsFromGwsOptions() {
        assertThat(underWay()).isEqualTo(64);
        assertThat(underWay("--batch-max", "32", "--batch-linger", "2ms")).isEqualTo(64 * 32);
        assertThat(underWay("--batch-max=32", "--delivery-concurrency=8")).isEqualTo(8 * 32);
        assertThat(underWay("--delivery-concurrency", "8")).isEqualTo(8);
    }
}
