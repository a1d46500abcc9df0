package gw.supervisor.launch;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A child that the program before this one in the same process had started (see {@link
 * ProcessImage}). It is this process's to wait for, but the JDK doesn't know it: without {@link
 * #reap} it stays a zombie when it ends, and {@link ProcessHandle#isAlive()} takes a zombie for
 * alive.
 */
public final class InheritedChild {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int KILLED = 0x80;

    private InheritedChild() {}

    /**
     * Asks whether it has ended; never waits. Not for a child that this JVM started itself: its
     * {@link Process} would never learn of the end. Any thread.
     *
     * @return its exit status as {@link Process#exitValue()} has it, once; empty while it runs, and
     *     for a process that is no child of this one
     */
    public static Optional<Integer> reap(long pid) {
        OptionalInt status = Posix.waitNoHang(Math.toIntExact(pid));
        return status.isEmpty() ? Optional.empty() : Optional.of(exitValue(status.getAsInt()));
    }

    private static int exitValue(int status) {
        int signal = status & SIGNAL_MASK;
        return signal == 0 ? (status >>> 8) & 0xff : KILLED + signal;
    }
}
