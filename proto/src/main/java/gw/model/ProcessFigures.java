package gw.model;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What this process costs. Read from Linux's {@code /proc}: the management beans of the JDK would
 * need a hundred classes for it.
 *
 * @param heapUsedBytes of the Java heap
 * @param rssBytes resident memory; 0: this system does not tell
 * @param cpuNanos user and system time since its start
 */
public record ProcessFigures(long heapUsedBytes, long rssBytes, long cpuNanos) {
    private static final int MOST_BYTES = 8 * 1024;

    /**
     * Linux tells times in hundredths of a second to every program, whatever it counts in itself.
     */
    private static final long TICK_NANOS = 10_000_000;

    /** As of now. Any thread. */
    public static ProcessFigures now() {
        Runtime runtime = Runtime.getRuntime();
        return new ProcessFigures(
                runtime.totalMemory() - runtime.freeMemory(), residentNow(), processorNow());
    }

    private static long residentNow() {
        try {
            return rssBytes(text("/proc/self/status"));
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static long processorNow() {
        try {
            return cpuNanos(text("/proc/self/stat"));
        } catch (IOException | NumberFormatException e) {
            return ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .map(Duration::toNanos)
                    .orElse(0L);
        }
    }

    /** From the text of {@code /proc/PID/status}; 0: it isn't there. */
    static long rssBytes(String status) {
        int at = status.indexOf("\nVmRSS:");
        if (at < 0) {
            return 0;
        }
        int unit = status.indexOf(" kB", at);
        return Long.parseLong(status.substring(status.indexOf(':', at) + 1, unit).strip()) * 1024;
    }

    /** From the text of {@code /proc/PID/stat}, in which the second field may hold anything. */
    static long cpuNanos(String stat) {
        int at = stat.lastIndexOf(')') + 2;
        // The third field is here; the user's time is the 14th, the system's the 15th.
        for (int field = 3; field < 14; field++) {
            at = stat.indexOf(' ', at) + 1;
        }
        int middle = stat.indexOf(' ', at);
        int end = stat.indexOf(' ', middle + 1);
        return (Long.parseLong(stat, at, middle, 10) + Long.parseLong(stat, middle + 1, end, 10))
                * TICK_NANOS;
    }

    private static String text(String file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
        }
    }
}
