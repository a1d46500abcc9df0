package gw.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * gw's processes of one state directory, found by their command lines: a worker that outlived its
 * supervisor is nobody's child. Any thread.
 */
final class Processes {
    private static final String WORKER = "gw.worker.WorkerMain";
    private static final String SUPERVISOR = "gw.supervisor.cli.Main";
    private static final String CLUSTER = "--cluster";

    /** Signals that are sent. */
    enum Signal {
        KILL,
        STOP,
        CONT,
        TERM
    }

    private record Found(long pid, List<String> command) {}

    private final String state;
    private final Path proc;

    /**
     * Those whose command line names this directory.
     *
     * @param proc where the kernel shows processes, {@code /proc}
     */
    Processes(Path state, Path proc) {
        this.state = state.toString();
        this.proc = proc;
    }

    /** The supervisor's pid; of several the newest. */
    Optional<Long> supervisor() {
        return find().stream()
                .filter(one ->
                        one.command().contains(SUPERVISOR) && one.command().contains("start"))
                .map(Found::pid)
                .max(Comparator.naturalOrder());
    }

    /** Pids of workers by their number; while one replaces another, the newer one. */
    Map<Integer, Long> workers() {
        Map<Integer, Long> workers = new TreeMap<>();
        for (Found one : find()) {
            int at = one.command().indexOf(CLUSTER);
            if (one.command().contains(WORKER) && at >= 0 && at + 1 < one.command().size()) {
                workers.merge(Integer.parseInt(one.command().get(at + 1)), one.pid(), Math::max);
            }
        }
        return workers;
    }

    /** All of them. */
    List<Long> all() {
        return find().stream().map(Found::pid).toList();
    }

    /** False: there is no such process any more. */
    static boolean signal(Signal signal, long pid) throws InterruptedException {
        try {
            Process kill =
                    new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0;
        } catch (IOException e) {
            throw new IllegalStateException("kill can't be run: " + e.getMessage(), e);
        }
    }

    private List<Found> find() {
        List<Found> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                String line = read(entry.resolve("cmdline"));
                if (line.contains(state) && (line.contains(WORKER) || line.contains(SUPERVISOR))) {
                    found.add(
                            new Found(
                                    Long.parseLong(entry.getFileName().toString()),
                                    Arrays.asList(line.split("\0"))));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(proc + " can't be read: " + e.getMessage(), e);
        }
        return found;
    }

    /** Empty for one that is gone, or a zombie. */
    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
