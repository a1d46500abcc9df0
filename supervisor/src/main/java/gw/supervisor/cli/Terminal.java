package gw.supervisor.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What standard output is.
 *
 * @param live whether it is a terminal on which lines can be rewritten
 * @param colour whether colours are wanted
 * @param sizes asks for its size, which may change
 */
record Terminal(boolean live, boolean colour, Supplier<Size> sizes) {
    /** Columns and rows. */
    record Size(int columns, int rows) {}

    private static final Size UNLIMITED = new Size(Integer.MAX_VALUE, Integer.MAX_VALUE);
    private static final Size USUAL = new Size(80, 24);
    private static final long STTY_MILLIS = 500;

    /** Not a terminal: a file, a pipe. */
    static Terminal none() {
        return new Terminal(false, false, () -> UNLIMITED);
    }

    /** What this process's standard output is. */
    static Terminal ofStandardOutput(Map<String, String> environment) {
        return isTerminal() ? of(environment) : none();
    }

    /** A terminal as the environment describes it: {@code TERM} and {@code NO_COLOR}. */
    static Terminal of(Map<String, String> environment) {
        boolean clever = !"dumb".equals(environment.get("TERM"));
        boolean colour = clever && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(clever, colour, Terminal::ask);
    }

    Size size() {
        return sizes.get();
    }

    /** By what the file descriptor points to: a console's own answer depends on stdin as well. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException e) {
            return Optional.ofNullable(System.console())
                    .map(java.io.Console::isTerminal)
                    .orElse(false);
        }
    }

    private static Size ask() {
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(Path.of("/dev/tty").toFile())
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!stty.waitFor(STTY_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return USUAL;
            }
            String answer =
                    new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return parse(answer);
        } catch (IOException e) {
            return USUAL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }

    /** Reads "rows columns"; what is no such thing, or zero, is the usual size. */
    static Size parse(String answer) {
        String text = answer.strip();
        int space = text.indexOf(' ');
        try {
            int rows = Integer.parseInt(text.substring(0, Math.max(0, space)));
            int columns = Integer.parseInt(text.substring(space + 1));
            return rows > 0 && columns > 0 ? new Size(columns, rows) : USUAL;
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }
}
