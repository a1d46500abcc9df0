package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.ZoneOffset;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0 ms",
        "350, 350 ms",
        "1000, 1 s",
        "4100, 4.1 s",
        "42900, 42 s",
        "60000, 1 m",
        "130000, 2 m 10 s",
        "7200000, 2 h",
        "10920000, 3 h 2 m",
        "183600000, 2 d 3 h",
    })
    void durations(long millis, String words) {
        assertThat(Words.duration(millis)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1536, 1.5 KiB",
        "268435456, 256 MiB",
        "1288490188, 1.2 GiB",
    })
    void bytes(long bytes, String words) {
        assertThat(Words.bytes(bytes)).isEqualTo(words);
    }

    @Test
    void countsAndRates() {
        assertThat(Words.count(9_999)).isEqualTo("9999");
        assertThat(Words.count(1_234_567)).isEqualTo("1,234,567");
        assertThat(Words.count(1, "worker", "workers")).isEqualTo("1 worker");
        assertThat(Words.rate(0.44)).isEqualTo("0.4");
        assertThat(Words.rate(123.6)).isEqualTo("124");
        assertThat(Words.latency(41_250)).isEqualTo("41.3 ms");
        assertThat(Words.ago(10_000, 0)).isEqualTo("never");
        assertThat(Words.ago(10_000, 5_000)).isEqualTo("5 s ago");
    }

    @Test
    void timesOfAnotherDayHaveTheirDate() {
        long now = Statuses.START;
        assertThat(Words.time(now + 5_000, now, ZoneOffset.UTC)).isEqualTo("14:00:05");
        assertThat(Words.time(now + 36_000_000, now, ZoneOffset.UTC)).isEqualTo("2026-11-26 00:00");
    }
}
