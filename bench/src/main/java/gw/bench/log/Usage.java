package gw.bench.log;

import com.sun.management.OperatingSystemMXBean;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process has used until now, as Linux counts it.
 *
 * @param nanos on the clock
 * @param cpuNanos of all its threads, user and system
 * @param threadNanos of the calling thread
 * @param written bytes that it passed to write calls
 * @param dirtied bytes that it made the disk take, by calls or by mapped memory
 */
record Usage(long nanos, long cpuNanos, long threadNanos, long written, long dirtied) {
    static Usage now() throws IOException {
        OperatingSystemMXBean system =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Usage(
                System.nanoTime(),
                system.getProcessCpuTime(),
                ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime(),
                field("/proc/self/io", "wchar:"),
                field("/proc/self/io", "write_bytes:"));
    }

    Usage since(Usage before) {
        return new Usage(
                nanos - before.nanos,
                cpuNanos - before.cpuNanos,
                threadNanos - before.threadNanos,
                written - before.written,
                dirtied - before.dirtied);
    }

    /** Bytes of memory, by its name in {@code /proc/self/status}. */
    static long memory(String name) throws IOException {
        return 1024 * field("/proc/self/status", name + ":");
    }

    private static long field(String file, String name) throws IOException {
        for (String line : Files.readAllLines(Path.of(file))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }

    /** Bytes of heap that are in use after a collection. */
    static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Bytes that a directory takes on the disk, holes left out. */
    static long disk(Path directory) throws IOException {
        Process du = new ProcessBuilder("du", "-s", "--block-size=1", directory.toString()).start();
        try (var out = du.getInputStream()) {
            String text = new String(out.readAllBytes(), StandardCharsets.US_ASCII);
            return Long.parseLong(text.substring(0, text.indexOf('\t')));
        }
    }
}
