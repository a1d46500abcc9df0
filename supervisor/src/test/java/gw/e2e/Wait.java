package gw.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process does: looks, and looks again, up to a bound. */
final class Wait {
    private static final long LOOK_EVERY_NANOS = 20_000_000;

    private Wait() {}

    static <T> T until(Duration within, Supplier<Optional<T>> look, Supplier<String> otherwise) {
        long deadline = System.nanoTime() + within.toNanos();
        while (true) {
            Optional<T> seen = look.get();
            if (seen.isPresent()) {
                return seen.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + within + ": " + otherwise.get());
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    static void untilTrue(Duration within, BooleanSupplier look, Supplier<String> otherwise) {
        until(
                within,
                () -> look.getAsBoolean() ? Optional.of(Boolean.TRUE) : Optional.empty(),
                otherwise);
    }
}
