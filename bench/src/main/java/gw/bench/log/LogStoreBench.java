package gw.bench.log;

import gw.record.RecordView;

import org.rocksdb.CompressionType;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Measures one store in one way and prints a row of figures. */
@CommandLine.Command(name = "log-store-bench", mixinStandardHelpOptions = true)
final class LogStoreBench implements Callable<Integer> {
    private static final int LINK_RECORDS = 25;
    private static final long LINK_NANOS = 5_000_000;
    private static final long PACED_WARM_UP = 15_000;
    private static final long SECOND = 1_000_000_000;
    private static final double MICROS = 1_000;
    private static final double MB = 1_000_000;

    private enum Kind {
        NONE,
        OWN,
        ROCKSDB,
        ROCKSDB_LZ4,
        CHRONICLE,
        MVSTORE
    }

    private enum Mode {
        /** 25 records each 5 ms, consumed at once. */
        LINK,
        /** Batches of 64 to 256 KB as fast as they are taken, consumed at once. */
        BURST,
        /** The same without a consumer; ends as by kill -9. */
        FILL,
        /** Opens what FILL left and consumes all of it. */
        DRAIN
    }

    @CommandLine.Option(names = "--store", required = true)
    private Kind kind = Kind.OWN;

    @CommandLine.Option(names = "--mode", required = true)
    private Mode mode = Mode.LINK;

    @CommandLine.Option(names = "--dir", required = true)
    private Path directory = Path.of("");

    @CommandLine.Option(names = "--events", description = "to be measured", defaultValue = "75000")
    private long events;

    @CommandLine.Option(names = "--warm-up", description = "before them", defaultValue = "50000")
    private long warmUp;

    @CommandLine.Option(names = "--payload", description = "bytes", defaultValue = "1200")
    private int payload;

    @CommandLine.Option(names = "--fsync", defaultValue = "NEVER")
    private Store.Fsync fsync = Store.Fsync.NEVER;

    private final PrintStream out = System.out;

    public static void main(String[] args) {
        System.exit(
                new CommandLine(new LogStoreBench())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(args));
    }

    @Override
    public Integer call() throws IOException {
        var _ = Files.createDirectories(directory);
        long before = System.nanoTime();
        run(open(), before);
        out.flush();
        // No store may tidy up: this is a kill.
        Runtime.getRuntime().halt(0);
        return 0;
    }

    private Store<?> open() throws IOException {
        return switch (kind) {
            case NONE -> new NoStore();
            case OWN -> new OwnStore(directory, fsync);
            case ROCKSDB -> new RocksStore(directory, fsync, CompressionType.NO_COMPRESSION);
            case ROCKSDB_LZ4 -> new RocksStore(directory, fsync, CompressionType.LZ4_COMPRESSION);
            case CHRONICLE -> new ChronicleStore(directory, fsync);
            case MVSTORE -> new MvStore(directory, fsync);
        };
    }

    private <E> void run(Store<E> store, long before) throws IOException {
        double openMillis = (System.nanoTime() - before) / 1e6;
        SplittableRandom random = new SplittableRandom(7);
        Consumer<E> consumer = new Consumer<>(store, random);
        switch (mode) {
            case LINK -> link(store, consumer, new Events(random, payload, 0));
            case BURST -> burst(store, consumer, new Events(random, payload, 0));
            case FILL -> fill(store, new Events(random, payload, 0));
            case DRAIN -> drain(store, consumer, openMillis);
        }
    }

    private <E> void link(Store<E> store, Consumer<E> consumer, Events from) throws IOException {
        Usage start = Usage.now();
        long sent = 0;
        long ackNanos = 0;
        long due = System.nanoTime();
        long tick = due;
        while (sent < warmUp + events) {
            if (sent == warmUp) {
                start = Usage.now();
                ackNanos = 0;
            }
            var records = from.batch(LINK_RECORDS);
            long asked = System.nanoTime();
            store.append(records);
            ackNanos += System.nanoTime() - asked;
            sent += LINK_RECORDS;
            consumer.turn();
            long now = System.nanoTime();
            if (now - tick > SECOND) {
                store.tick();
                tick = now;
            }
            if (sent < warmUp - PACED_WARM_UP) {
                // Flat out, so that the compiler is done before anything is measured.
                due = now;
                continue;
            }
            due += LINK_NANOS;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
        flow(start, ackNanos / (events / (double) LINK_RECORDS), consumer);
    }

    private <E> void burst(Store<E> store, Consumer<E> consumer, Events from) throws IOException {
        Usage start = Usage.now();
        long sent = 0;
        long batches = 0;
        long ackNanos = 0;
        boolean warm = false;
        long tick = System.nanoTime();
        while (sent < warmUp + events) {
            if (!warm && sent >= warmUp) {
                warm = true;
                start = Usage.now();
                batches = 0;
                ackNanos = 0;
            }
            Events.Burst burst = from.burst();
            long asked = System.nanoTime();
            store.append(burst.records());
            ackNanos += System.nanoTime() - asked;
            batches++;
            sent += burst.count();
            consumer.turn();
            if (System.nanoTime() - tick > SECOND) {
                store.tick();
                tick = System.nanoTime();
            }
        }
        flow(start, ackNanos / (double) batches, consumer);
    }

    private void flow(Usage start, double ackNanos, Consumer<?> consumer) throws IOException {
        Usage used = Usage.now().since(start);
        long heap = Usage.heap();
        row(
                "| %s | %s | %d | %s | %.2f | %.2f | %.0f | %.0f | %.0f | %.0f | %.1f | %.1f | %.0f"
                        + " | %.0f |%n",
                used.cpuNanos() / MICROS / events,
                used.threadNanos() / MICROS / events,
                events / (used.nanos() / 1e9),
                ackNanos / MICROS,
                (double) used.written() / events,
                (double) used.dirtied() / events,
                Usage.disk(directory) / MB,
                heap / MB,
                Usage.memory("VmRSS") / MB,
                Usage.memory("RssAnon") / MB);
        if (consumer.count() == 0) {
            throw new IllegalStateException("nothing was consumed");
        }
    }

    private void row(String format, double... figures) {
        Object[] values = new Object[4 + figures.length];
        values[0] = kind.name().toLowerCase(Locale.ROOT);
        values[1] = mode.name().toLowerCase(Locale.ROOT);
        values[2] = payload;
        values[3] = fsync.name().toLowerCase(Locale.ROOT);
        for (int i = 0; i < figures.length; i++) {
            values[4 + i] = figures[i];
        }
        out.printf(Locale.ROOT, format, values);
    }

    private void fill(Store<?> store, Events from) throws IOException {
        Usage start = Usage.now();
        long sent = 0;
        long tick = System.nanoTime();
        while (sent < events) {
            Events.Burst burst = from.burst();
            store.append(burst.records());
            sent += burst.count();
            if (System.nanoTime() - tick > SECOND) {
                store.tick();
                tick = System.nanoTime();
            }
        }
        Usage used = Usage.now().since(start);
        long heap = Usage.heap();
        row(
                "| %s | %s | %d | %s | %.0f | %.2f | %.0f | %.0f | %.0f | %.0f | %.1f | %.0f | %.0f"
                        + " |%n",
                (double) sent,
                used.cpuNanos() / MICROS / sent,
                sent / (used.nanos() / 1e9),
                (double) used.written() / sent,
                (double) used.dirtied() / sent,
                (double) Usage.disk(directory) / sent,
                heap / MB,
                Usage.memory("VmRSS") / MB,
                Usage.memory("RssAnon") / MB);
    }

    private <E> void drain(Store<E> store, Consumer<E> consumer, double openMillis)
            throws IOException {
        long queued = store.events();
        long heapBefore = Usage.heap();
        double rss = Usage.memory("VmRSS") / MB;
        double anon = Usage.memory("RssAnon") / MB;
        Usage start = Usage.now();
        consumer.drain();
        Usage used = Usage.now().since(start);
        if (consumer.count() != queued) {
            throw new IllegalStateException(consumer.count() + " events came of " + queued);
        }
        row(
                "| %s | %s | %d | %s | %.0f | %.0f | %.1f | %.0f | %.0f | %.0f | %.2f | %.1f | %.0f"
                        + " | %.0f |%n",
                (double) queued,
                openMillis,
                heapBefore / MB,
                rss,
                anon,
                queued / (used.nanos() / 1e9),
                used.cpuNanos() / MICROS / queued,
                Usage.heap() / MB,
                Usage.memory("VmHWM") / MB,
                Usage.memory("RssAnon") / MB);
    }

    /** Reads all, and settles it out of order within a window. */
    private static final class Consumer<E> {
        private static final int WINDOW = 1_000;
        private static final int TURN = 1_000;

        private final Store<E> store;
        private final SplittableRandom random;
        private final Object[] window = new Object[WINDOW];
        private final RecordView view = new RecordView();
        private long count;
        private long bytes;

        Consumer(Store<E> store, SplittableRandom random) {
            this.store = store;
            this.random = random;
        }

        long count() {
            return bytes == 0 ? 0 : count;
        }

        void turn() throws IOException {
            while (step(Integer.MAX_VALUE)) {
                // All that is there.
            }
        }

        void drain() throws IOException {
            while (step(TURN)) {
                // As much as a turn of the event loop would take.
            }
            for (int i = 0; i < WINDOW; i++) {
                settle(i);
            }
            store.endTurn();
        }

        private boolean step(int most) throws IOException {
            int done = 0;
            while (done < most) {
                E event = store.next();
                if (event == null) {
                    break;
                }
                store.view(event, view);
                bytes += view.payloadLength();
                int slot = random.nextInt(WINDOW);
                settle(slot);
                window[slot] = event;
                done++;
            }
            count += done;
            store.endTurn();
            return done > 0;
        }

        @SuppressWarnings("unchecked")
        private void settle(int slot) throws IOException {
            E old = (E) window[slot];
            if (old != null) {
                store.settle(old);
                window[slot] = null;
            }
        }
    }
}
