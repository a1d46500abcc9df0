package gw.supervisor.authority;

import io.grpc.Status;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before an authority is tried again. */
final class Redial {
    private static final long FIRST_MILLIS = 100;
    private static final long MOST_MILLIS = 5_000;
    private static final long REFUSED_MILLIS = 30_000;
    private static final double JITTER = 0.3;

    private final RandomGenerator random;
    private int failures;

    Redial(RandomGenerator random) {
        this.random = random;
    }

    void worked() {
        failures = 0;
    }

    /** Whether the authority was reached and says no: only people change that. */
    static boolean isRefusal(Status status) {
        return switch (status.getCode()) {
            case UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    FAILED_PRECONDITION,
                    INVALID_ARGUMENT,
                    RESOURCE_EXHAUSTED,
                    UNIMPLEMENTED ->
                    true;
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    ABORTED,
                    OUT_OF_RANGE,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS ->
                    false;
        };
    }

    /** The wait after a try that ended so. */
    Duration after(Status status) {
        long millis =
                isRefusal(status)
                        ? REFUSED_MILLIS
                        : Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(failures++, 10));
        return Duration.ofMillis(
                Math.round(millis * (1 - JITTER + 2 * JITTER * random.nextDouble())));
    }
}
