package gw.supervisor.cli;

import java.io.PrintStream;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/**
 * Where a command writes to and what surrounds it.
 *
 * @param out for what was asked for
 * @param err for errors and remarks
 * @param environment the process's variables
 * @param zone for times of day
 */
record Console(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Terminal terminal,
        ZoneId zone) {
    Console {
        environment = Map.copyOf(environment);
    }

    /** A variable's value; empty when it is unset. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** Prints lines, cut to the terminal's width. */
    void print(List<Line> lines) {
        int columns = terminal.size().columns();
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            text.append(line.render(terminal.colour(), columns)).append('\n');
        }
        out.print(text);
        out.flush();
    }

    /** A remark on standard error, with the name of the program. */
    void remark(String message) {
        err.println("gw: " + Printable.line(message));
        err.flush();
    }

    /** The environment's values may be secrets. */
    @Override
    public String toString() {
        return "Console[terminal=" + terminal + "]";
    }
}
