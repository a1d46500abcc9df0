package gw.supervisor.launch;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.launch.InheritedChild.Seen;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** P6: the supervisor's program is replaced in its own process, which nobody around it notices. */
@Timeout(60)
class ProcessImageTest {
    @TempDir private Path dir;

    /** A JVM of its own: it opens a file and a socket, and becomes another program. */
    static final class Before {
        private Before() {}

        public static void main(String[] args) throws IOException {
            try (var _ = Files.newInputStream(Path.of("/proc/self/exe"));
                    var _ = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (args[0].equals("one by one")) {
                    Posix.closeOnExecOneByOne(3);
                }
                System.out.println(
                        ProcessImage.of(System.getenv(), List.of(args)).orElseThrow().replace());
                System.exit(9);
            }
        }
    }

    @Test
    void keepsProcessArgumentsAndEnvironmentAndClosesAllFiles() throws Exception {
        Path next =
                script(
                        """
                        #!/bin/sh
                        echo "pid $$"
                        for word in "$@"; do echo "word $word" | od -c | tr -d ' \\n'; echo; done
                        echo "env $GW_TEST"
                        ls -l /proc/$$/fd | grep -c -e socket: -e jvm -e jar
                        grep SigBlk /proc/$$/status
                        exec sleep 60
                        """);
        Process process =
                before(
                        next,
                        Map.of("GW_TEST", "as it was", "LC_ALL", "C"),
                        "start",
                        "",
                        "a b",
                        "ü");
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("pid " + process.pid());
            assertThat(out.readLine()).contains("wordstart");
            assertThat(out.readLine()).startsWith("0000000word\\n");
            assertThat(out.readLine()).contains("wordab");
            assertThat(out.readLine()).contains("word303274");
            assertThat(out.readLine()).isEqualTo("env as it was");
            assertThat(out.readLine()).isEqualTo("0");
            assertThat(out.readLine()).matches("SigBlk:\\s0+");
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** But for those that whoever started all of it wants ignored, as nohup does. */
    @Test
    void theNextProgramHearsSignals() throws Exception {
        Path next =
                script(
                        """
                        #!/bin/sh
                        for signal in TERM INT HUP QUIT; do trap "echo $signal" $signal; done
                        for signal in TERM INT HUP QUIT; do kill -$signal $$; done
                        """);
        Process process = before(next, Map.of(), "start");
        assertThat(process.inputReader(StandardCharsets.UTF_8).readAllLines())
                .containsExactlyInAnyOrderElementsOf(heard());
        assertThat(process.waitFor()).isZero();
    }

    /** Only what this process doesn't ignore can reach its children. */
    private static List<String> heard() throws IOException {
        String ignored =
                Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .findFirst()
                        .orElseThrow()
                        .substring("SigIgn:".length())
                        .strip();
        long mask = Long.parseUnsignedLong(ignored, 16);
        return Map.of("HUP", 1, "INT", 2, "QUIT", 3, "TERM", 15).entrySet().stream()
                .filter(signal -> (mask >> (signal.getValue() - 1) & 1) == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void closesFilesOneByOneWhereTheSystemCanDoNoBetter() throws Exception {
        Path next = script("#!/bin/sh\nls -l /proc/$$/fd\n");
        Process process = before(next, Map.of(), "one by one");
        assertThat(process.inputReader(StandardCharsets.UTF_8).readAllLines())
                .noneMatch(line -> line.contains("socket:") || line.contains("java"));
    }

    @Test
    void saysWhyItFailedAndGoesOn() throws Exception {
        Path gone = dir.resolve("gone");
        Process process = before(gone, Map.of(), "start");
        assertThat(process.inputReader(StandardCharsets.UTF_8).readAllLines())
                .containsExactly(gone + ": No such file or directory");
        assertThat(process.waitFor()).isEqualTo(9);
        assertThat(new ProcessImage(gone, List.of()).isInstalled()).isFalse();
        assertThat(new ProcessImage(dir, List.of()).isInstalled()).isFalse();
        assertThat(ProcessImage.of(Map.of("GW_LAUNCHER", "bin/gw"), List.of())).isEmpty();
    }

    /** Only one that the JDK doesn't wait for may be reaped: here it is this test's own. */
    @Test
    void tellsOfNoEndWhereThereIsNoneOfAChild() throws Exception {
        assertThat(InheritedChild.look(ProcessHandle.current().pid()))
                .isEqualTo(new Seen.Stranger());
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(InheritedChild.look(process.pid())).isEqualTo(new Seen.Running());
        } finally {
            process.destroyForcibly();
        }
    }

    /** A JVM of its own: its program before left two children, which the JDK knows nothing of. */
    static final class After {
        private After() {}

        public static void main(String[] args) throws InterruptedException {
            long reads = Long.parseLong(args[0]);
            long sleeps = Long.parseLong(args[1]);
            System.out.println(InheritedChild.look(reads) + " " + InheritedChild.look(sleeps));
            tell(reads);
            ProcessHandle.of(sleeps).ifPresent(ProcessHandle::destroyForcibly);
            tell(sleeps);
        }

        private static void tell(long child) throws InterruptedException {
            Seen seen = InheritedChild.look(child);
            for (int look = 0; seen instanceof Seen.Running && look < 3_000; look++) {
                TimeUnit.MILLISECONDS.sleep(10);
                seen = InheritedChild.look(child);
            }
            System.out.println(
                    seen
                            + " "
                            + ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false)
                            + " "
                            + InheritedChild.look(child));
        }
    }

    @Test
    void reapsTheChildrenOfTheProgramBefore() throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "/bin/sh",
                                "-c",
                                "exec 3<&0; sh -c 'read line; exit 3' <&3 & a=$!; sleep 60 & b=$!;"
                                        + " exec \"$@\" $a $b",
                                "sh"));
        command.addAll(java(After.class));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var out = process.inputReader(StandardCharsets.UTF_8);
                var in = process.outputWriter(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).isEqualTo("Running[] Running[]");
            in.write("go\n");
            in.flush();
            assertThat(out.readLine()).isEqualTo("Ended[exitValue=3] false Stranger[]");
            assertThat(out.readLine()).isEqualTo("Ended[exitValue=137] false Stranger[]");
        } finally {
            process.destroyForcibly();
        }
    }

    private Path script(String text) throws IOException {
        Path file = Files.writeString(dir.resolve("next"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Process before(Path next, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = java(Before.class);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("GW_LAUNCHER", next.toString());
        return builder.start();
    }

    private static List<String> java(Class<?> main) {
        return new ArrayList<>(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()));
    }
}
