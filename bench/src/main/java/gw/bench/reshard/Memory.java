package gw.bench.reshard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Looks five times a second how much memory all processes of gw have. */
final class Memory implements AutoCloseable {
    private static final long EVERY_NANOS = 200_000_000;

    /**
     * One look.
     *
     * @param rssBytes of all processes together; pages that they share count in each
     */
    record Look(long nanos, int processes, long rssBytes) {}

    private final RunningGw gw;
    private final List<Look> looks = new ArrayList<>();
    private final Thread thread;

    private Memory(RunningGw gw) {
        this.gw = gw;
        this.thread = new Thread(this::run, "memory");
    }

    /** From now on, until it is closed. */
    static Memory watch(RunningGw gw) {
        Memory memory = new Memory(gw);
        memory.thread.setDaemon(true);
        memory.thread.start();
        return memory;
    }

    /** The one in the middle, by bytes, of those between two moments. */
    Optional<Look> typical(long fromNanos, long toNanos) {
        List<Look> sorted =
                between(fromNanos, toNanos)
                        .sorted(Comparator.comparingLong(Look::rssBytes))
                        .toList();
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
    }

    /** The largest of those between two moments. */
    Optional<Look> largest(long fromNanos, long toNanos) {
        return between(fromNanos, toNanos).max(Comparator.comparingLong(Look::rssBytes));
    }

    private synchronized Stream<Look> between(long fromNanos, long toNanos) {
        return List.copyOf(looks).stream()
                .filter(look -> look.nanos() - fromNanos >= 0 && look.nanos() - toNanos <= 0);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            List<Long> sizes =
                    gw.processes().map(Memory::rssBytes).flatMap(Optional::stream).toList();
            long all = sizes.stream().mapToLong(Long::longValue).sum();
            synchronized (this) {
                looks.add(new Look(System.nanoTime(), sizes.size(), all));
            }
            LockSupport.parkNanos(EVERY_NANOS);
        }
    }

    /** Empty: it is gone. */
    private static Optional<Long> rssBytes(ProcessHandle process) {
        try (Stream<String> lines =
                Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024);
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
