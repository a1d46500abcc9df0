package gw.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One run of {@code bin/gw}: its output is gathered, its exit awaited; closing it ends it and its
 * children.
 */
final class GwProcess implements AutoCloseable {
    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();

    private GwProcess(Process process) {
        this.process = process;
        reader = Thread.ofVirtual().start(this::read);
    }

    /**
     * Starts {@code bin/gw} with these arguments; the environment holds only what is given and what
     * a shell needs.
     */
    static GwProcess start(Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(binGw().toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> env = builder.environment();
        env.keySet().removeIf(name -> name.startsWith("GW_") || name.startsWith("DISCORD_"));
        env.put("GW_NO_BUILD", "1");
        env.putAll(environment);
        try {
            return new GwProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path binGw() {
        Path here = Path.of("").toAbsolutePath();
        for (Path at = here; at != null; at = at.getParent()) {
            Path gw = at.resolve("bin/gw");
            if (Files.isExecutable(gw)) {
                return gw;
            }
        }
        throw new IllegalStateException("bin/gw was not found above " + here);
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Everything printed so far. */
    String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** Waits until a line was printed that fits. */
    String awaitLine(Duration within, Predicate<String> fits) {
        return Wait.until(
                within,
                () -> {
                    synchronized (lines) {
                        return lines.stream().filter(fits).findFirst();
                    }
                },
                () -> "no such line in:\n" + output());
    }

    /** Waits for the end and gives the exit code. */
    int awaitExit(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("gw still runs after " + within + ":\n" + output());
            }
            reader.join(2_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /** SIGTERM. */
    void terminate() {
        // Process.destroy would close the stream, and the last words be lost.
        var _ = process.toHandle().destroy();
    }

    /** SIGKILL, to this process alone. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            synchronized (lines) {
                lines.add("(output broke off: " + e.getMessage() + ")");
            }
        }
    }
}
