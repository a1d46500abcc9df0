package gw.supervisor.capacity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The machine's memory.
 *
 * @param totalBytes all of it, at least 1
 * @param availableBytes what new processes can have of it without swapping
 */
public record MachineMemory(long totalBytes, long availableBytes) {
    /** Where Linux tells it. */
    public static final Path MEMINFO = Path.of("/proc/meminfo");

    private static final int MOST_BYTES = 64 * 1024;
    private static final Pattern LINE = Pattern.compile("(?m)^(\\w+): +(\\d{1,15}) kB$");

    public MachineMemory {
        if (totalBytes < 1 || availableBytes < 0) {
            throw new IllegalArgumentException(
                    "memory: "
                            + availableBytes
                            + " of "
                            + totalBytes
                            + " bytes (expected: >= 0 of >= 1)");
        }
    }

    /**
     * As this file tells it.
     *
     * @param meminfo {@link #MEMINFO}
     * @return empty: this system does not tell
     */
    public static Optional<MachineMemory> read(Path meminfo) {
        try (InputStream in = Files.newInputStream(meminfo)) {
            return parse(new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<MachineMemory> parse(String text) {
        OptionalLong total = OptionalLong.empty();
        OptionalLong available = OptionalLong.empty();
        for (Matcher line = LINE.matcher(text); line.find(); ) {
            long bytes = Long.parseLong(line.group(2)) * 1024;
            switch (line.group(1)) {
                case "MemTotal" -> total = OptionalLong.of(bytes);
                case "MemAvailable" -> available = OptionalLong.of(bytes);
                default -> {}
            }
        }
        return total.isPresent() && total.getAsLong() > 0 && available.isPresent()
                ? Optional.of(new MachineMemory(total.getAsLong(), available.getAsLong()))
                : Optional.empty();
    }
}
