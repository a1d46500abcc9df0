package gw.supervisor.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Runs gw commands in this process and keeps what they print. */
final class Captured {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final Terminal terminal;

    Captured() {
        this(Terminal.none());
    }

    Captured(Terminal terminal) {
        this.terminal = terminal;
    }

    Captured with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Runs {@code gw} with these words and gives its exit code. */
    int gw(Object... words) {
        out.reset();
        err.reset();
        String[] args = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            args[i] = words[i].toString();
        }
        return Main.run(console(), args);
    }

    Console console() {
        return new Console(stream(out), stream(err), environment, terminal, ZoneOffset.UTC);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
