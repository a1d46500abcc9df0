package gw.worker;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * What a worker says: a line each, with the time, to its standard output, which the supervisor
 * keeps in a file. No secret is ever given to it.
 */
record WorkerLog(PrintStream out, InstantSource clock) {
    private static final int NANOS_OF_MILLI = 1_000_000;

    void say(String line) {
        out.println(time(clock.millis()) + " " + line);
    }

    /** As an instant writes itself, but without the formatters, which only that would need. */
    private static String time(long millis) {
        LocalDateTime time =
                LocalDateTime.ofEpochSecond(
                        Math.floorDiv(millis, 1000),
                        Math.floorMod(millis, 1000) * NANOS_OF_MILLI,
                        ZoneOffset.UTC);
        // It leaves out a second of zero.
        return time.getSecond() == 0 && time.getNano() == 0 ? time + ":00Z" : time + "Z";
    }
}
