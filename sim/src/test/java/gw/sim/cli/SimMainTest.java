package gw.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.fault.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What the command line takes and refuses; nothing is started here. */
class SimMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port=70000 | --port: 70000 (expected: 0 to 65535)",
                "--port=22x | --port: '22x' (expected: a whole number)",
                "--shards=0 | --shards: 0 (expected: 1 to 16384)",
                "--guilds=-1 | --guilds: -1 (expected: 0 to 200000)",
                "--max-concurrency=0 | --max-concurrency: 0 (expected: 1 to 16384)",
                "--rate=fast | --rate: 'fast' (expected: events per second, >= 0, or max)",
                "--rate=-1 | --rate: '-1' (expected: events per second, >= 0, or max)",
                "--rate=NaN | --rate: 'NaN' (expected: events per second, >= 0, or max)",
                "--seed=x | --seed: 'x' (expected: a whole number)",
                "--duration=5 | --duration: '5' (expected: a duration such as 250ms, 5s",
                "--identify-window=5sec | --identify-window: '5sec' (expected: a duration",
                "--heartbeat-interval=0s | --heartbeat-interval: 0ms (expected: at least 1ms)",
                "--fault-every=0ms | --fault-every: 0ms (expected: at least 1ms)",
                "--start-remaining=1001 | --start-remaining: 1001 (expected: 0 to 1000)",
                "--start-reset=0s | --start-reset: 0ms (expected: at least 1ms)",
                "--skew=61s | --skew: 61000ms (expected: at most 1m)",
                "--skew=soon | --skew: 'soon' (expected: a duration such as 250ms, 5s",
                "--fault=reset | --fault: 'reset' (expected: NAME@AFTER or NAME@AFTER:SHARD",
                "--fault=quake@1s | --fault: quake (expected: close-1000,",
                "--fault=reset@1s:x | --fault: 'x' (expected: a shard id)",
                "--bogus | Unknown option: '--bogus'",
            })
    void refusesWhatItCanNotDoAndSaysWhatItCan(String option, String words) {
        assertThat(run(option)).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("gw sim: " + words)
                .endsWith("\n  gw sim --help says what there is.\n")
                .doesNotContain("Exception");
        assertThat(out.size()).isZero();
    }

    @Test
    void theHelpNamesFaultsRoutesAndExitCodes() {
        assertThat(run("--help")).isZero();
        String help = out.toString(StandardCharsets.UTF_8);
        assertThat(help)
                .contains(Fault.byName().keySet())
                .contains("POST /sim/faults/{name}", "GET  /sim/stats")
                .contains("POST /sim/guilds/join/{N}", "POST /sim/shards/{N}")
                .contains("identify_too_fast", "send_rate")
                .contains("--intents GUILDS,GUILD_MESSAGES")
                .contains("Exit codes:")
                .doesNotContain("embedded");
        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(101));
    }

    @ParameterizedTest
    @CsvSource({"250ms,250", "5s,5000", "1.5s,1500", "2m,120000", "1h30m,5400000", "0s,0"})
    void readsDurations(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void faultsForEverLeaveSessionsResumable() {
        assertThat(SimOptions.harmless())
                .contains("reconnect", "reset", "maintenance", "close-1000")
                .doesNotContain("invalid-session", "close-4007", "close-4009", "no-resumes");
    }

    private int run(String... args) {
        return SimMain.run(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                args);
    }
}
