package gw.supervisor.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class StateDirectoryTest {
    private static final Map<String, String> NONE = Map.of();

    @TempDir private Path temp;

    /** Takes a state directory, says so, and holds it until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws UserError, IOException {
            try (StateDirectory state = StateDirectory.open(Path.of(arguments[0]), NONE)) {
                System.out.println(state.path());
                var _ = System.in.read();
            }
        }
    }

    @Test
    void isMadeForThisUserAlone() throws Exception {
        Path dir = temp.resolve("a/b");
        try (StateDirectory state = StateDirectory.open(dir, NONE)) {
            assertThat(permissions(dir)).isEqualTo("rwx------");
            assertThat(permissions(dir.resolve("supervisor.lock"))).isEqualTo("rw-------");
            assertThat(state.path()).isEqualTo(dir);
            assertThat(state.workersDirectory()).isEqualTo(dir.resolve("workers")).isDirectory();
            assertThat(permissions(state.workersDirectory())).isEqualTo("rwx------");
            assertThat(state.linkSocket()).isEqualTo(dir.resolve("link.sock"));
            assertThat(state.controlSocket()).isEqualTo(dir.resolve("control.sock"));
            assertThat(state.identifyBudgetFile()).isEqualTo(dir.resolve("identify-budget.json"));
            assertThat(state.deadLetterFile()).isEqualTo(dir.resolve("dead-letters.jsonl"));
        }
    }

    @Test
    void whatThePersonKeptStaysAndOnlySocketsGo() throws Exception {
        try (StateDirectory state = StateDirectory.open(temp, NONE)) {
            Files.writeString(state.identifyBudgetFile(), "{}");
            Files.writeString(state.controlSocket(), "");
            Files.writeString(state.linkSocket(), "");
        }
        assertThat(temp.resolve("identify-budget.json")).exists();
        assertThat(temp.resolve("control.sock")).doesNotExist();
        assertThat(temp.resolve("link.sock")).doesNotExist();
    }

    @Test
    void aSecondSupervisorInThisProcessIsRefused() throws UserError {
        try (StateDirectory _ = StateDirectory.open(temp, NONE)) {
            assertThat(StateDirectory.runningPid(temp)).contains(ProcessHandle.current().pid());
            assertRefused(ProcessHandle.current().pid());
        }
        assertThat(StateDirectory.runningPid(temp)).isEmpty();
        StateDirectory.open(temp, NONE).close();
    }

    /** The second supervisor must not take the first one's sockets away (P6). */
    @Test
    @Timeout(60)
    void aSupervisorInAnotherProcessIsNamedByItsPid() throws Exception {
        Process holder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xshare:auto",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Holder.class.getName(),
                                temp.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out = holder.inputReader()) {
            assertThat(out.readLine()).isEqualTo(temp.toString());
            assertThat(StateDirectory.runningPid(temp)).contains(holder.pid());
            assertRefused(holder.pid());

            holder.destroyForcibly();
            assertThat(holder.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(temp.resolve("supervisor.lock")).isNotEmptyFile();
            assertThat(StateDirectory.runningPid(temp)).as("killed, its file stays").isEmpty();
            StateDirectory.open(temp, NONE).close();
        } finally {
            holder.destroyForcibly();
        }
    }

    private void assertRefused(long pid) {
        assertThatThrownBy(() -> StateDirectory.open(temp, NONE))
                .hasMessage("another supervisor (pid " + pid + ") uses " + temp)
                .isInstanceOfSatisfying(
                        UserError.class,
                        error -> {
                            assertThat(error.exitCode()).isEqualTo(ExitCode.IN_USE);
                            assertThat(error.advice()).contains("--state-dir");
                        });
        assertThat(StateDirectory.runningPid(temp)).as("undisturbed").contains(pid);
    }

    @Test
    void aProcessIdThatWasUsedAgainIsNobody() throws Exception {
        long pid = ProcessHandle.current().pid();
        for (String text : new String[] {pid + "\n1\n", "", "x", "99999999999999999999\n1\n"}) {
            Files.writeString(temp.resolve("supervisor.lock"), text);
            assertThat(StateDirectory.runningPid(temp)).as(text).isEmpty();
        }
        assertThat(StateDirectory.runningPid(temp.resolve("none"))).isEmpty();
    }

    @Test
    void refusesWhatCannotHoldState() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "");
        assertUnusable(file, "it is not a directory");
        assertUnusable(file.resolve("below"), "");
        Path open = Files.createDirectory(temp.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertUnusable(open, "every user of this machine can write into it");
        assertUnusable(Path.of("/proc/gw"), "it can't be made");
    }

    private static void assertUnusable(Path dir, String why) {
        assertThatThrownBy(() -> StateDirectory.open(dir, NONE))
                .hasMessageContaining("the state directory " + dir + " can't be used: ")
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        UserError.class,
                        error -> {
                            assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG);
                            assertThat(error.advice()).contains("--state-dir");
                        });
    }

    @Test
    void liesWhereTheDesktopKeepsState() {
        assertThat(StateDirectory.defaultPath(Map.of("XDG_STATE_HOME", "/s", "HOME", "/h")))
                .isEqualTo(Path.of("/s/gw"));
        assertThat(StateDirectory.defaultPath(Map.of("XDG_STATE_HOME", "s", "HOME", "/h")))
                .isEqualTo(Path.of("/h/.local/state/gw"));
        assertThat(StateDirectory.defaultPath(Map.of())).isAbsolute();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
}
