package gw.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

/** What workers write is bounded (P7). */
class WorkerFilesTest {
    @TempDir private Path dir;

    @Test
    void aLogThatGrowsTooLargeIsTurnedOverWhileItsWorkerRuns() throws IOException {
        WorkerFiles files = new WorkerFiles(dir);
        Path log = files.log(3);
        try (RandomAccessFile large = new RandomAccessFile(log.toFile(), "rw")) {
            large.setLength(WorkerFiles.MAX_LOG_BYTES + 1);
        }
        files.bound(3);
        assertThat(log).isEmptyFile();
        assertThat(dir.resolve("worker-3.log.1")).hasSize(WorkerFiles.MAX_LOG_BYTES + 1);
        Files.writeString(log, "small");
        files.bound(3);
        assertThat(log).hasContent("small");
    }

    @Test
    void theNewestCrashFilesAreKept() throws IOException {
        for (int i = 0; i < 9; i++) {
            Path crash = Files.writeString(dir.resolve("worker-1-crash-" + (100 - i) + ".log"), "");
            Files.setLastModifiedTime(crash, FileTime.fromMillis(1_000_000 + i * 1_000L));
        }
        Files.writeString(dir.resolve("worker-2-crash-7.log"), "");
        new WorkerFiles(dir).beforeLaunch(1);
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "worker-2-crash-7.log",
                            "worker-1-crash-92.log",
                            "worker-1-crash-93.log",
                            "worker-1-crash-94.log",
                            "worker-1-crash-95.log",
                            "worker-1-crash-96.log");
        }
    }
}
