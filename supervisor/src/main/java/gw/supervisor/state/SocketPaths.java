package gw.supervisor.state;

import com.sun.security.auth.module.UnixSystem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Where a supervisor's Unix sockets lie. In the state directory, unless their paths would be longer
 * than the 107 bytes that a socket's address holds: then in a short directory of their own, which
 * follows from the state directory's path. Immutable.
 *
 * @param link where workers dial
 * @param control where the control API listens, unless the user chose another place
 * @param runtimeDirectory the short directory, when there is one
 */
public record SocketPaths(Path link, Path control, Optional<Path> runtimeDirectory) {
    /** Longest path that a Unix socket's address holds, in bytes. */
    static final int LONGEST = 107;

    private static final String LINK = "link.sock";
    private static final String CONTROL = "control.sock";
    private static final String POINTER = "sockets";
    private static final int HASH_BYTES = 8;

    /**
     * The sockets of the supervisor that has, or would have, this state directory. Creates and
     * changes nothing, so that a client can ask too. A running supervisor leaves a pointer in its
     * state directory, because a client's {@code XDG_RUNTIME_DIR} may be another.
     *
     * @param environment the process's variables
     */
    public static SocketPaths of(Path stateDir, Map<String, String> environment) {
        Path dir = stateDir.toAbsolutePath().normalize();
        if (fits(dir)) {
            return in(dir, Optional.empty());
        }
        Path runtime = pointedAt(dir).orElseGet(() -> computed(dir, environment));
        return in(runtime, Optional.of(runtime));
    }

    /** The same without regard to what an earlier supervisor left. */
    static SocketPaths fresh(Path stateDir, Map<String, String> environment) {
        Path dir = stateDir.toAbsolutePath().normalize();
        if (fits(dir)) {
            return in(dir, Optional.empty());
        }
        Path runtime = computed(dir, environment);
        return in(runtime, Optional.of(runtime));
    }

    /** The symbolic link in the state directory that says where the short directory is. */
    static Path pointer(Path stateDir) {
        return stateDir.resolve(POINTER);
    }

    private static SocketPaths in(Path dir, Optional<Path> runtime) {
        return new SocketPaths(dir.resolve(LINK), dir.resolve(CONTROL), runtime);
    }

    private static Optional<Path> pointedAt(Path dir) {
        try {
            Path target = Files.readSymbolicLink(pointer(dir));
            return target.isAbsolute() && fits(target) ? Optional.of(target) : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static Path computed(Path dir, Map<String, String> environment) {
        String hash = hash(dir);
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (runtime.startsWith("/")) {
            Path shortPath = Path.of(runtime).resolve("gw-" + hash);
            if (fits(shortPath)) {
                return shortPath;
            }
        }
        return Path.of("/tmp/gw-" + new UnixSystem().getUid() + "-" + hash);
    }

    private static boolean fits(Path dir) {
        return dir.resolve(CONTROL).toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
    }

    private static String hash(Path dir) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(dir.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
