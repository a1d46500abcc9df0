package gw.supervisor.fleet;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What workers leave on the disk, and its bounds (P7). Owned by the control thread. */
final class WorkerFiles {
    static final long MAX_LOG_BYTES = 16L * 1024 * 1024;
    static final int CRASH_FILES = 5;

    private final Path directory;

    WorkerFiles(Path directory) {
        this.directory = directory;
    }

    /** A worker's standard output and error. */
    Path log(int cluster) {
        return directory.resolve("worker-" + cluster + ".log");
    }

    /** Makes room for the next process. */
    void beforeLaunch(int cluster) throws IOException {
        bound(cluster);
        List<Path> crashes;
        try (Stream<Path> files = Files.list(directory)) {
            String prefix = "worker-" + cluster + "-crash-";
            crashes =
                    files.filter(file -> file.getFileName().toString().startsWith(prefix))
                            .sorted(Comparator.comparingLong(WorkerFiles::modified).reversed())
                            .toList();
        }
        for (Path old : crashes.subList(Math.min(CRASH_FILES, crashes.size()), crashes.size())) {
            Files.deleteIfExists(old);
        }
    }

    /** Turns a log over that has grown too large; the process goes on writing to the same file. */
    void bound(int cluster) {
        Path log = log(cluster);
        try {
            if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
                var _ =
                        Files.copy(
                                log,
                                log.resolveSibling(log.getFileName() + ".1"),
                                StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
                    var _ = file.truncate(0);
                }
            }
        } catch (IOException e) {
            System.err.println("gw: " + log + " can't be turned over: " + e.getMessage());
        }
    }

    private static long modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }
}
