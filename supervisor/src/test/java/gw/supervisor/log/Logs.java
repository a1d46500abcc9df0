package gw.supervisor.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Logs for tests. */
public final class Logs {
    private Logs() {}

    /** One in this directory whose syncs end on {@code owner}. */
    public static SegmentLog open(Path directory, LogLimits limits, Executor owner) {
        return open(LogSettings.of(directory, limits), InstantSource.system(), owner);
    }

    static SegmentLog open(LogSettings settings, InstantSource clock, Executor owner) {
        try {
            return SegmentLog.open(settings, clock, owner, _ -> {}, _ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NewerLogException e) {
            throw new IllegalStateException(e);
        }
    }
}
