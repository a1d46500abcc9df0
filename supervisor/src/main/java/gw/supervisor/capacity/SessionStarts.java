package gw.supervisor.capacity;

import java.time.Instant;
import java.util.Optional;

/**
 * The session start limit as it stands.
 *
 * @param total in one window, at least 0
 * @param remaining what is left of it, 0..total
 * @param resetsAt when it is full again; empty: no window is running
 */
public record SessionStarts(int total, int remaining, Optional<Instant> resetsAt) {
    public SessionStarts {
        if (total < 0 || remaining < 0 || remaining > total) {
            throw new IllegalArgumentException(
                    "session starts: "
                            + remaining
                            + " of "
                            + total
                            + " (expected: 0 <= remaining <= total)");
        }
    }
}
