package gw.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The command line says what it wants. */
class ChaosMainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        return ChaosMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Path.of("/nowhere/bin/gw"),
                words);
    }

    @Test
    void helpNamesEveryActionAndEveryExitCode() {
        assertThat(run("--help")).isZero();
        for (Kind kind : Kind.values()) {
            assertThat(out.toString(StandardCharsets.UTF_8)).contains(kind.word);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("  1   ", "  2   ", "  70  ");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(run("--with", "earthquake")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--with: no such action: earthquake (expected: worker-kill, ");
        assertThat(run("--minutes", "0")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--minutes: 0 (expected: 0.05");
    }
}
