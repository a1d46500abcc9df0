package gw.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which processes are gw's, by what the kernel says of them. */
class ProcessesTest {
    @TempDir private Path proc;

    private void process(long pid, String... words) throws IOException {
        Path entry = Files.createDirectory(proc.resolve(Long.toString(pid)));
        Files.writeString(entry.resolve("cmdline"), String.join("\0", words) + "\0");
    }

    @Test
    void findsItsOwnAndNobodyElse() throws IOException {
        process(10, "java", "gw.supervisor.cli.Main", "start", "--state-dir", "/run/a");
        process(
                11,
                "java",
                "gw.worker.WorkerMain",
                "--socket",
                "/run/a/link.sock",
                "--cluster",
                "0");
        process(
                12,
                "java",
                "gw.worker.WorkerMain",
                "--socket",
                "/run/a/link.sock",
                "--cluster",
                "1");
        process(
                13,
                "java",
                "gw.worker.WorkerMain",
                "--socket",
                "/run/a/link.sock",
                "--cluster",
                "1");
        process(20, "java", "gw.supervisor.cli.Main", "start", "--state-dir", "/run/b");
        process(21, "java", "gw.supervisor.cli.Main", "status", "--state-dir", "/run/a");
        process(30, "tail", "/run/a/workers/worker-0.log");
        Files.createDirectory(proc.resolve("31"));
        Files.createDirectory(proc.resolve("self"));
        Processes processes = new Processes(Path.of("/run/a"), proc);
        assertThat(processes.supervisor()).hasValue(10L);
        assertThat(processes.workers()).containsOnlyKeys(0, 1).containsEntry(1, 13L);
        assertThat(processes.all()).containsExactlyInAnyOrder(10L, 11L, 12L, 13L, 21L);
    }
}
