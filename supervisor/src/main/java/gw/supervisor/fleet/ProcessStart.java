package gw.supervisor.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * When a process started, in words that no other process of the same id shares: ids are used again.
 * Where the kernel counts it in ticks since its boot these are taken, because a time of day changes
 * with the clock.
 */
final class ProcessStart {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /** Of /proc/PID/stat, after the name that ends with the last parenthesis. */
    private static final int STATE = 0;

    private static final int START_TICKS = 19;

    private ProcessStart() {}

    /** Empty when there is no such process; one that has ended and lies about counts as none. */
    static Optional<String> of(long pid) {
        Path stat = Path.of("/proc", Long.toString(pid), "stat");
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .flatMap(process -> process.info().startInstant())
                    .map(Instant::toEpochMilli)
                    .map(millis -> "ms:" + millis);
        }
        try {
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ", -1);
            if (fields.length <= START_TICKS || "ZX".contains(fields[STATE])) {
                return Optional.empty();
            }
            return Optional.of("ticks:" + fields[START_TICKS] + "@" + boot());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String boot() throws IOException {
        return Files.isReadable(BOOT)
                ? Files.readString(BOOT, StandardCharsets.US_ASCII).strip()
                : "";
    }
}
