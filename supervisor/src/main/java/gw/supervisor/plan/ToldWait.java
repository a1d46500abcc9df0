package gw.supervisor.plan;

import gw.supervisor.state.SmallFile;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Until when Discord's REST API is not to be asked, for it said so (429). Kept in a file: a process
 * that dies just then must not make its successor ask too early (P5). Any thread.
 */
public final class ToldWait {
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Optional<SmallFile> file;
    private final URI apiUrl;
    private final InstantSource clock;

    private ToldWait(Optional<SmallFile> file, URI apiUrl, InstantSource clock) {
        this.file = file;
        this.apiUrl = apiUrl;
        this.clock = clock;
    }

    /** One that outlives its process in a file, which need not be there. */
    public static ToldWait keptIn(SmallFile file, URI apiUrl, InstantSource clock) {
        return new ToldWait(Optional.of(file), apiUrl, clock);
    }

    /** One that nobody remembers. */
    public static ToldWait forgotten(URI apiUrl) {
        return new ToldWait(Optional.empty(), apiUrl, InstantSource.system());
    }

    /** Zero: it may be asked. Never longer than an hour, whatever the file says. */
    Duration left() {
        try {
            Optional<byte[]> content = file.isPresent() ? file.get().read() : Optional.empty();
            String[] parts =
                    content.map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                            .orElse("")
                            .split(" ", 2);
            if (parts.length < 2 || !parts[1].equals(apiUrl.toString())) {
                return Duration.ZERO;
            }
            long left = Math.subtractExact(Long.parseLong(parts[0]), clock.millis());
            return Duration.ofMillis(Math.clamp(left, 0, LONGEST.toMillis()));
        } catch (IOException | NumberFormatException | ArithmeticException e) {
            // Discord is asked, as it would be without the file.
            return Duration.ZERO;
        }
    }

    /** Discord said to wait for so long from now on. */
    void told(Duration wait) {
        if (file.isPresent()) {
            String line = Math.addExact(clock.millis(), wait.toMillis()) + " " + apiUrl + "\n";
            try {
                file.get().replace(line.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // This process waits all the same.
                return;
            }
        }
    }
}
