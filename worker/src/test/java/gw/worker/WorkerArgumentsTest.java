package gw.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;

/** What the supervisor writes is what the worker reads; anything else is refused with words. */
class WorkerArgumentsTest {
    @Test
    void readsWhatTheSupervisorWrites() {
        assertThat(WorkerArguments.of("--socket", "/a/b", "--cluster", "3", "--incarnation", "x"))
                .isEqualTo(new WorkerArguments(Path.of("/a/b"), 3, "x", Duration.ofMinutes(5)));
        assertThat(
                        WorkerArguments.of(
                                "--socket",
                                "/a/b",
                                "--cluster",
                                "3",
                                "--incarnation",
                                "x",
                                "--orphan-timeout",
                                "7000"))
                .isEqualTo(new WorkerArguments(Path.of("/a/b"), 3, "x", Duration.ofSeconds(7)));
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> WorkerArguments.of("--token", "x"))
                .hasMessage("unknown option --token");
        assertThatThrownBy(() -> WorkerArguments.of("--socket"))
                .hasMessage("--socket needs a value");
        assertThatThrownBy(() -> WorkerArguments.of("--cluster", "-1"))
                .hasMessageContaining("--cluster: -1");
        assertThatThrownBy(() -> WorkerArguments.of()).hasMessageContaining("are needed");
    }
}
