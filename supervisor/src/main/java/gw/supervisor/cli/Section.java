package gw.supervisor.cli;

import java.util.ArrayList;
import java.util.List;

/** A part of the status: its name at the left of the first line, the rest indented below. */
final class Section {
    static final String BETWEEN = " · ";

    private static final int INDENT = 12;

    private final String name;
    private final List<Line> lines = new ArrayList<>();

    Section(String name) {
        this.name = name;
    }

    Section add(Line line) {
        Line head =
                lines.isEmpty() ? Line.of(Tone.HEAD, name).padTo(INDENT) : new Line().padTo(INDENT);
        lines.add(head.add(line));
        return this;
    }

    Section add(String text) {
        return add(Line.of(text));
    }

    /** Facts side by side; empty ones are left out, and no line comes of none. */
    Section addFacts(String... facts) {
        String joined = joined(facts);
        return joined.isEmpty() ? this : add(joined);
    }

    /** Lines that bring their own indent. */
    Section addWide(List<Line> more) {
        lines.addAll(more);
        return this;
    }

    static String joined(String... facts) {
        return String.join(
                BETWEEN, List.of(facts).stream().filter(fact -> !fact.isEmpty()).toList());
    }

    List<Line> lines() {
        return lines;
    }
}
