package gw.bench.log;

import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.TailerDirection;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.rollcycles.LegacyRollCycles;
import net.openhft.chronicle.wire.DocumentContext;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Chronicle Queue: a queue of batches, and one of what is settled. It rolls by time alone: a file a
 * minute, so that what is settled can go.
 */
final class ChronicleStore extends BatchStore {
    private final Path directory;
    private final ChronicleQueue queue;
    private final ChronicleQueue windows;
    private final ExcerptAppender batchesOut;
    private final ExcerptAppender windowsOut;
    private final ExcerptTailer reader;
    private final Fsync fsync;
    private final ArrayDeque<Cycle> cycles = new ArrayDeque<>();

    /** The first number that was written in a cycle. */
    private record Cycle(int cycle, long first) {}

    ChronicleStore(Path directory, Fsync fsync) {
        this.directory = directory;
        this.fsync = fsync;
        queue = open(directory.resolve("batches"), fsync);
        windows = open(directory.resolve("settled"), Fsync.NEVER);
        try (ExcerptTailer last = windows.createTailer()) {
            byte[] window = read(last.direction(TailerDirection.BACKWARD).toEnd());
            if (window != null) {
                settled.decode(window);
            }
        }
        try (ExcerptTailer last = queue.createTailer()) {
            Batch batch = batch(last.direction(TailerDirection.BACKWARD).toEnd());
            if (batch != null) {
                recovered(batch.end());
            }
        }
        batchesOut = queue.createAppender();
        windowsOut = windows.createAppender();
        reader = queue.createTailer();
    }

    private static ChronicleQueue open(Path path, Fsync fsync) {
        return SingleChronicleQueueBuilder.binary(path)
                .rollCycle(LegacyRollCycles.MINUTELY)
                .syncMode(fsync == Fsync.NEVER ? SyncMode.NONE : SyncMode.SYNC)
                .build();
    }

    private static byte @Nullable [] read(ExcerptTailer tailer) {
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent()) {
                return null;
            }
            Bytes<?> bytes = Objects.requireNonNull(document.wire()).bytes();
            byte[] array = new byte[bytes.readInt()];
            var _ = bytes.read(array);
            return array;
        }
    }

    private static @Nullable Batch batch(ExcerptTailer tailer) {
        try (DocumentContext document = tailer.readingDocument()) {
            if (!document.isPresent()) {
                return null;
            }
            Bytes<?> bytes = Objects.requireNonNull(document.wire()).bytes();
            byte[] array = new byte[bytes.readInt()];
            long first = bytes.readLong();
            long end = bytes.readLong();
            var _ = bytes.read(array);
            return new Batch(first, end, array);
        }
    }

    @Override
    void put(Batch batch) {
        try (DocumentContext document = batchesOut.writingDocument()) {
            Bytes<?> bytes = Objects.requireNonNull(document.wire()).bytes();
            var _ = bytes.writeInt(batch.array().length);
            var _ = bytes.writeLong(batch.first()).writeLong(batch.end()).write(batch.array());
        }
        int cycle = batchesOut.cycle();
        if (cycles.isEmpty() || cycles.getLast().cycle() != cycle) {
            cycles.addLast(new Cycle(cycle, batch.first()));
        }
        if (fsync == Fsync.ALWAYS) {
            batchesOut.sync();
        }
    }

    @Override
    Batch load(long number) {
        while (true) {
            Batch batch = batch(reader);
            if (batch == null) {
                throw new IllegalStateException("lost: " + number);
            }
            if (batch.end() > number) {
                return batch;
            }
        }
    }

    @Override
    void putSettled(byte[] window) {
        try (DocumentContext document = windowsOut.writingDocument()) {
            Bytes<?> bytes = Objects.requireNonNull(document.wire()).bytes();
            var _ = bytes.writeInt(window.length).write(window);
        }
    }

    @Override
    void removeBefore(long number) throws IOException {
        boolean rolled = false;
        while (cycles.size() > 1 && second().first() <= number) {
            var _ = cycles.removeFirst();
            rolled = true;
        }
        if (rolled) {
            removeFiles(directory.resolve("batches"), cycles.size());
            removeFiles(directory.resolve("settled"), 1);
        }
    }

    private Cycle second() {
        return cycles.stream().skip(1).findFirst().orElseThrow();
    }

    private static void removeFiles(Path path, int keep) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.filter(file -> file.toString().endsWith(".cq4")).sorted().toList();
        }
        for (Path file : files.subList(0, Math.max(0, files.size() - keep))) {
            Files.delete(file);
        }
    }

    @Override
    public void tick() {
        if (fsync == Fsync.INTERVAL) {
            batchesOut.sync();
        }
    }

    @Override
    public void close() {
        reader.close();
        batchesOut.close();
        windowsOut.close();
        queue.close();
        windows.close();
    }
}
