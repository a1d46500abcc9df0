package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.exit.UserError;
import gw.supervisor.state.StateDirectory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine;

import java.nio.file.Path;
import java.util.Map;

/** What people type wrong is answered with what to type instead. */
class MainTest {
    private final Captured captured = new Captured();
    @TempDir private Path dir;

    @Test
    void showsAllCommandsWithoutAnyAndCountsThatAsAMistake() {
        assertThat(captured.gw()).isEqualTo(2);
        assertThat(captured.err())
                .contains("status", "restart", "upgrade", "reshard", "stop", "sim", "help");
        assertThat(captured.out()).isEmpty();
        assertThat(captured.gw("--help")).isZero();
        assertThat(captured.out()).contains("status", "restart", "stop", "sim", "help");
    }

    @ParameterizedTest
    @CsvSource({"status", "restart", "upgrade", "reshard", "stop"})
    void helpOfACommandIsTheSameBothWays(String command) {
        assertThat(captured.gw(command, "--help")).isZero();
        String help = captured.out();
        assertThat(captured.gw("help", command)).isZero();
        assertThat(captured.out())
                .isEqualTo(help)
                .contains("--state-dir", "--control", "GW_STATE_DIR", "GW_CONTROL");
    }

    @Test
    void showsTheVersion() {
        assertThat(captured.gw("--version")).isZero();
        assertThat(captured.out()).startsWith("gw ").contains("Java ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "statu | Did you mean status? | gw --help says what there is.",
                "status --shrad 3 | Did you mean --shard? | gw status --help says what there is.",
                "status --shard x | 'x' is not an int | gw status --help",
                "status --watch=0.01 | --watch: 0.01 (expected: 0.1..60) | gw status --help",
                "status --watch --check | --check: it looks once | gw status --help",
                "restart | --worker=NUMBER | gw restart --help",
                "restart --shard 1 --worker 2 | mutually exclusive | gw restart --help",
                "restart --worker 1 --fresh | --fresh: it goes with --shard | gw restart --help",
                "restart --worker 1 --json | --json: it goes with --rolling | gw restart --help",
                "upgrade --timeout x | 'x' is not an int | gw upgrade --help",
                "reshard --to 0 | --to: 0 (expected: at least 1) | gw reshard --help",
                "reshard --first 1 | --first and --last: they go together | gw reshard --help",
                "reshard --to 4 --last 1 | they go together, and with --to | gw reshard --help",
                "reshard --to 4 --first 3 --last 1 | --first: 3 (expected: 0..1 | gw reshard"
                        + " --help",
                "reshard --intents GUILDZ | did you mean GUILDS? | gw reshard --help",
                "reshard --cancel --to 4 | --cancel: it goes without | gw reshard --help",
                "reshard --cancel --json | --cancel: it goes without | gw reshard --help",
                "help nothing | no command nothing | gw --help",
            })
    void saysWhatWasTypedWrong(String line, String complaint, String advice) {
        assertThat(captured.gw((Object[]) line.split(" "))).isEqualTo(2);
        assertThat(captured.err())
                .startsWith("gw: ")
                .doesNotContain("Error:")
                .contains(complaint.replace("\\", ""), advice);
        assertThat(captured.out()).isEmpty();
    }

    @Test
    void saysWhereAWrongControlAddressStands() {
        assertThat(captured.gw("status", "--control", "nonsense")).isEqualTo(3);
        assertThat(captured.err()).startsWith("gw: --control: nonsense (expected: host:port");
        assertThat(captured.with("GW_CONTROL", "nonsense").gw("stop")).isEqualTo(3);
        assertThat(captured.err()).startsWith("gw: GW_CONTROL: nonsense (expected: host:port");
    }

    @Test
    void saysThatNothingAnswersAtAnAddress() {
        Path none = dir.resolve("none.sock");
        assertThat(captured.gw("status", "--control", none)).isEqualTo(9);
        assertThat(captured.err()).startsWith("gw: no supervisor answers at unix:" + none);
    }

    /** A supervisor that was started with another control address, or hangs at its start. */
    @Test
    void saysThatOneHoldsTheDirectoryButDoesNotAnswer() throws UserError {
        try (StateDirectory held = StateDirectory.open(dir.resolve("held"), Map.of())) {
            assertThat(captured.gw("status", "--state-dir", held.path())).isEqualTo(8);
            assertThat(captured.err())
                    .startsWith(
                            "gw: a supervisor (pid "
                                    + ProcessHandle.current().pid()
                                    + ") holds "
                                    + held.path()
                                    + ", but nothing answers on unix:"
                                    + held.controlSocket())
                    .contains("give the same --control here");
        }
        assertThat(captured.gw("status", "--state-dir", dir.resolve("held"))).isEqualTo(9);
    }

    /** The socket moves to a short path when the directory's is too long for one. */
    @Test
    void findsTheSocketOfADirectoryWithALongPath() throws UserError {
        Path deep = dir.resolve("d".repeat(90)).resolve("e".repeat(60));
        try (StateDirectory held = StateDirectory.open(deep, Map.of())) {
            assertThat(captured.gw("status", "--state-dir", deep)).isEqualTo(8);
            assertThat(captured.err())
                    .contains("nothing answers on unix:" + held.controlSocket())
                    .doesNotContain(deep.resolve("control.sock").toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"status", "stop", "restart --shard 1", "restart --worker 0", "reshard --to 4"})
    void saysThatNothingRuns(String line) {
        Path none = dir.resolve("none");
        assertThat(captured.with("GW_STATE_DIR", none.toString()).gw((Object[]) line.split(" ")))
                .isEqualTo(9);
        assertThat(captured.err())
                .isEqualTo("gw: no supervisor runs on " + none + "\n  Start one with gw start.\n");
        assertThat(captured.out()).isEmpty();
    }

    @Test
    void anOptionGoesBeforeTheEnvironment() {
        Path meant = dir.resolve("meant");
        captured.with("GW_CONTROL", "127.0.0.1:1")
                .with("GW_STATE_DIR", dir.resolve("x").toString());
        assertThat(captured.gw("status", "--state-dir", meant)).isEqualTo(9);
        assertThat(captured.err()).contains("no supervisor runs on " + meant);
    }

    @Test
    void showsTheStackTraceOnlyWhenAsked() {
        Path none = dir.resolve("none");
        assertThat(captured.gw("status", "--state-dir", none)).isEqualTo(9);
        assertThat(captured.err()).doesNotContain("\tat ");
        assertThat(captured.gw("status", "-v", "--state-dir", none)).isEqualTo(9);
        assertThat(captured.err()).contains("\tat gw.supervisor.cli.");
        assertThat(captured.gw("-v", "status", "--state-dir", none)).isEqualTo(9);
        assertThat(captured.err()).contains("\tat gw.supervisor.cli.");
    }

    /** A defect is said on one line, whatever its message holds. */
    @Test
    void saysTheUnexpectedOnOneLine() {
        Captured unexpected = new Captured();
        CommandLine gw = Main.commands(unexpected.console());
        assertThat(
                        new Failures()
                                .handleExecutionException(
                                        new IllegalStateException("broken\u001B[2J\nin two"),
                                        gw,
                                        gw.parseArgs()))
                .isEqualTo(1);
        assertThat(unexpected.err())
                .isEqualTo(
                        "gw: unexpected: java.lang.IllegalStateException: broken\uFFFD[2J in two"
                                + " (run with -v for the stack trace)\n");
    }

    @Test
    void leavesTheSimToTheLauncher() {
        assertThat(captured.gw("sim")).isEqualTo(2);
        assertThat(captured.err()).contains("Run bin/gw sim.");
    }
}
