package gw.supervisor.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** A Unix socket's path holds 107 bytes; a state directory's may be longer. */
class SocketPathsTest {
    @TempDir private Path temp;

    private Map<String, String> runtimeIn(Path dir) {
        return Map.of("XDG_RUNTIME_DIR", dir.toString());
    }

    private Path deep() {
        return temp.resolve("d".repeat(60)).resolve("e".repeat(60));
    }

    @Test
    void shortPathsStayInTheStateDirectory() {
        SocketPaths paths = SocketPaths.of(Path.of("/s"), Map.of());
        assertThat(paths.link()).isEqualTo(Path.of("/s/link.sock"));
        assertThat(paths.control()).isEqualTo(Path.of("/s/control.sock"));
        assertThat(paths.runtimeDirectory()).isEmpty();
    }

    @Test
    void countsBytesNotCharacters() {
        int room = SocketPaths.LONGEST - "/".length() - "/control.sock".length();
        assertThat(SocketPaths.of(Path.of("/" + "x".repeat(room)), Map.of()).runtimeDirectory())
                .isEmpty();
        assertThat(SocketPaths.of(Path.of("/" + "x".repeat(room + 1)), Map.of()).runtimeDirectory())
                .isPresent();
        assertThat(
                        SocketPaths.of(Path.of("/" + "\u00e9".repeat(room)), Map.of())
                                .runtimeDirectory())
                .isPresent();
    }

    @Test
    void longPathsGetAShortDirectoryThatFollowsFromThem() {
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", "/run/user/7");
        Path runtime = SocketPaths.of(deep(), environment).runtimeDirectory().orElseThrow();
        assertThat(runtime.getParent()).isEqualTo(Path.of("/run/user/7"));
        assertThat(runtime.getFileName().toString()).matches("gw-[0-9a-f]{16}");
        assertThat(SocketPaths.of(deep().resolve("x/.."), environment).runtimeDirectory())
                .contains(runtime);
        assertThat(SocketPaths.of(deep().resolve("x"), environment).runtimeDirectory())
                .isNotEqualTo(SocketPaths.of(deep(), environment).runtimeDirectory());
    }

    @Test
    void withoutARuntimeDirectoryTheyLieInTmpByUser() {
        for (String runtime : new String[] {"", "relative", "/" + "r".repeat(100)}) {
            assertThat(SocketPaths.of(deep(), Map.of("XDG_RUNTIME_DIR", runtime)).control())
                    .asString()
                    .matches("/tmp/gw-[0-9]+-[0-9a-f]{16}/control\\.sock");
        }
    }

    @Test
    void askingMakesNothing() {
        Path dir = deep();
        Path runtime = SocketPaths.of(dir, runtimeIn(temp)).runtimeDirectory().orElseThrow();
        assertThat(dir).doesNotExist();
        assertThat(runtime).doesNotExist();
    }

    @Test
    void aClientFindsTheRealSocketOfALongStateDirectory() throws Exception {
        Path dir = deep();
        Map<String, String> environment = runtimeIn(temp);
        Path runtime;
        try (StateDirectory state = StateDirectory.open(dir, environment);
                ServerSocketChannel server =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            runtime = state.controlSocket().getParent();
            assertThat(state.controlSocket().toString().getBytes(StandardCharsets.UTF_8))
                    .hasSizeLessThanOrEqualTo(SocketPaths.LONGEST);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(runtime)))
                    .isEqualTo("rwx------");
            server.bind(UnixDomainSocketAddress.of(state.controlSocket()));

            Path sameEnvironment = SocketPaths.of(dir, environment).control();
            Path another = SocketPaths.of(dir, Map.of()).control();
            assertThat(sameEnvironment).isEqualTo(state.controlSocket());
            assertThat(another).as("by the pointer").isEqualTo(state.controlSocket());
            try (SocketChannel client =
                    SocketChannel.open(UnixDomainSocketAddress.of(sameEnvironment))) {
                assertThat(client.isConnected()).isTrue();
            }
        }
        assertThat(runtime).as("goes with the supervisor").doesNotExist();
        assertThat(SocketPaths.pointer(dir)).doesNotExist();
    }

    @Test
    void whatADeadSupervisorLeftIsTakenOver() throws Exception {
        Path dir = deep();
        Path runtime = SocketPaths.of(dir, runtimeIn(temp)).runtimeDirectory().orElseThrow();
        Files.createDirectories(runtime);
        Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(dir);
        Files.createSymbolicLink(SocketPaths.pointer(dir), temp.resolve("gone"));
        try (StateDirectory state = StateDirectory.open(dir, runtimeIn(temp))) {
            assertThat(state.linkSocket().getParent()).isEqualTo(runtime);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(runtime)))
                    .isEqualTo("rwx------");
        }
    }

    /** Others may write into /tmp: a link that waits there must not be followed. */
    @Test
    void aLinkInPlaceOfTheShortDirectoryIsRefused() throws Exception {
        Path dir = deep();
        Path runtime = SocketPaths.of(dir, runtimeIn(temp)).runtimeDirectory().orElseThrow();
        Files.createSymbolicLink(runtime, Files.createDirectory(temp.resolve("elsewhere")));
        assertThatThrownBy(() -> StateDirectory.open(dir, runtimeIn(temp)))
                .hasMessageContaining(runtime.toString())
                .hasMessageContaining("only a link")
                .isInstanceOfSatisfying(
                        UserError.class,
                        error -> assertThat(error.exitCode()).isEqualTo(ExitCode.CONFIG));
        Files.delete(runtime);
        StateDirectory.open(dir, runtimeIn(temp)).close();
    }
}
