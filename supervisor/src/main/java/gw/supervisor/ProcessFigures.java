package gw.supervisor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What this process costs. Any thread.
 *
 * @param heapUsedBytes of the Java heap
 * @param rssBytes resident memory; 0: this system does not tell
 * @param cpuNanos user and system time since its start
 */
record ProcessFigures(long heapUsedBytes, long rssBytes, long cpuNanos) {
    private static final Path STATUS = Path.of("/proc/self/status");

    static ProcessFigures now() {
        Runtime runtime = Runtime.getRuntime();
        return new ProcessFigures(
                runtime.totalMemory() - runtime.freeMemory(),
                rss(),
                ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toNanos)
                        .orElse(0L));
    }

    private static long rss() {
        try {
            for (String line : Files.readAllLines(STATUS, StandardCharsets.US_ASCII)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Not Linux.
            return 0;
        }
        return 0;
    }

    /** When this JVM was started, milliseconds since the epoch. */
    static long startedAtMillis() {
        return ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}
