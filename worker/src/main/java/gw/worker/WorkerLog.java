package gw.worker;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * What a worker says: a line each, with the time, to its standard output, which the supervisor
 * keeps in a file. No secret is ever given to it.
 */
record WorkerLog(PrintStream out, InstantSource clock) {
    void say(String line) {
        out.println(clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + line);
    }
}
