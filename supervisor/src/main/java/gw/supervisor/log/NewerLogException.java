package gw.supervisor.log;

import java.nio.file.Path;

/** A newer version of gw wrote this log: to read it as an older one would lose events. */
public final class NewerLogException extends Exception {
    private static final long serialVersionUID = 1L;

    NewerLogException(Path file, int version) {
        super(
                file
                        + " has log version "
                        + version
                        + " (expected: <= "
                        + SegmentHeader.VERSION
                        + ")");
    }
}
