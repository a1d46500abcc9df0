package gw.supervisor.launch;

/**
 * A child that the program before this one in the same process had started (see {@link
 * ProcessImage}). It is this process's to wait for, but the JDK doesn't know it: without {@link
 * #look} it stays a zombie when it ends, and {@link ProcessHandle#isAlive()} takes a zombie for
 * alive.
 */
public final class InheritedChild {
    private static final int SIGNAL_MASK = 0x7f;
    private static final int KILLED = 0x80;

    private InheritedChild() {}

    /** What a look at a process finds. */
    public sealed interface Seen {
        /** A child that has not ended. In its last moments /proc may call it a zombie already. */
        record Running() implements Seen {}

        /**
         * A child that has ended; said once, and the system forgets it.
         *
         * @param exitValue as {@link Process#exitValue()} has it
         */
        record Ended(int exitValue) implements Seen {}

        /** No child of this process: nobody here can say how it ends. */
        record Stranger() implements Seen {}
    }

    /**
     * Looks whether it has ended; never waits. Not for a child that this JVM started itself: its
     * {@link Process} would never learn of the end. Any thread.
     */
    public static Seen look(long pid) {
        int status = Posix.waitNoHang(Math.toIntExact(pid));
        return switch (status) {
            case Posix.STILL_RUNS -> new Seen.Running();
            case Posix.NO_CHILD -> new Seen.Stranger();
            default -> new Seen.Ended(exitValue(status));
        };
    }

    private static int exitValue(int status) {
        int signal = status & SIGNAL_MASK;
        return signal == 0 ? (status >>> 8) & 0xff : KILLED + signal;
    }
}
