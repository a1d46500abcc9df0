package gw.sim.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One run of the command in a JVM of its own. */
final class SimProcess implements AutoCloseable {
    private static final long SECONDS = 30;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread reader;

    SimProcess(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "gw.sim.cli.SimMain"));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add("(output broke off: " + e.getMessage() + ")");
        }
    }

    String nextLine() throws InterruptedException {
        String line = lines.poll(SECONDS, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no line came");
        }
        return line;
    }

    String ask(String command) throws IOException, InterruptedException {
        Writer in = process.outputWriter(StandardCharsets.UTF_8);
        in.write(command + "\n");
        in.flush();
        return nextLine();
    }

    void endOfInput() throws IOException {
        process.getOutputStream().close();
    }

    void interrupt() throws IOException, InterruptedException {
        int status =
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        if (status != 0) {
            throw new AssertionError("kill failed: " + status);
        }
    }

    void terminate() {
        // Not Process.destroy: it closes the streams as well.
        var _ = process.toHandle().destroy();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it still runs: " + lines);
        }
        reader.join(TimeUnit.SECONDS.toMillis(SECONDS));
        return process.exitValue();
    }

    /** What was printed and not asked for yet. */
    String rest() {
        List<String> all = new ArrayList<>();
        var _ = lines.drainTo(all);
        return String.join("\n", all);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
