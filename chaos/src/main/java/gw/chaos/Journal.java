package gw.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;

/** {@code chaos.log}: every line with the seconds since the run began. Any thread. */
final class Journal implements AutoCloseable {
    private final Writer file;
    private final PrintStream out;
    private final LongSupplier nanos;
    private final long startedNanos;
    private boolean closed;

    /**
     * Creates the file.
     *
     * @param out gets what {@link #say} says
     */
    Journal(Path file, PrintStream out, LongSupplier nanos) throws IOException {
        this.file = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        this.out = out;
        this.nanos = nanos;
        this.startedNanos = nanos.getAsLong();
    }

    /** To the file alone. */
    synchronized void log(String words) {
        if (closed) {
            return;
        }
        try {
            file.write(stamp() + " " + words + "\n");
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("chaos.log can't be written", e);
        }
    }

    /** To the file and to whoever watches. */
    void say(String words) {
        log(words);
        out.println(stamp() + " " + words);
    }

    private String stamp() {
        return String.format(Locale.ROOT, "%9.3f", (nanos.getAsLong() - startedNanos) / 1e9);
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("chaos.log can't be closed", e);
        }
    }
}
