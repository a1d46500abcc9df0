package gw.bench.parts;

import gw.record.RecordView;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.LogEntry;
import gw.supervisor.log.LogLimits;
import gw.supervisor.log.LogSettings;
import gw.supervisor.log.NewerLogException;
import gw.supervisor.log.SegmentLog;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * One record into the log, by the size of the batch that it came in. Each invocation fills a new
 * log, of three segments, for the log takes no sequence twice. To open and to remove it is not in
 * the times, for which another thread does it; its garbage is in the bytes: a few for each record.
 * Nothing is synced: that is another thread's in gw, too, and the disk's.
 */
public class LogAppend extends Part {
    private static final int RECORDS = 32_768;

    @Param({"1", "16", "256"})
    int batch;

    private final RecordView view = new RecordView();
    private List<byte[]> batches = List.of();
    private @Nullable SegmentLog log;
    private Path directory = Path.of("");

    /** Encodes the records. */
    @Setup
    public void encode() throws IOException {
        batches = Records.batches(EVENT_BYTES, RECORDS, batch);
        directory = Files.createTempDirectory("gw-log-append");
    }

    /** An empty log. */
    @Setup(Level.Invocation)
    public void open() throws InterruptedException {
        elsewhere(this::openNew);
    }

    private @Nullable Void openNew() throws IOException, NewerLogException {
        LogSettings usual =
                LogSettings.of(directory.resolve("log"), LogLimits.of(2L << 30, 10_000_000));
        LogSettings settings =
                new LogSettings(
                        usual.directory(),
                        usual.limits(),
                        usual.maxAge(),
                        usual.ttl(),
                        usual.whenFull(),
                        LogSettings.Fsync.NEVER,
                        usual.catchUp(),
                        usual.bootId());
        log =
                SegmentLog.open(
                        settings, InstantSource.system(), _ -> {}, System.err::println, _ -> {});
        return null;
    }

    /** Appended alone. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long append() {
        SegmentLog to = Objects.requireNonNull(log);
        long taken = 0;
        for (byte[] records : batches) {
            taken += append(to, records);
        }
        return taken;
    }

    /** Appended, taken by the cursor, and settled: a log that keeps up. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public long appendTakeSettle() {
        SegmentLog to = Objects.requireNonNull(log);
        long bytes = 0;
        for (byte[] records : batches) {
            int taken = append(to, records);
            for (LogEntry entry = to.next(); entry != null; entry = to.next()) {
                entry.view(view);
                bytes += view.payloadLength();
                to.release(entry);
                taken--;
            }
            if (taken != 0) {
                throw new IllegalStateException(taken + " records did not come out");
            }
        }
        return bytes;
    }

    private int append(SegmentLog to, byte[] records) {
        AppendResult result = to.append(records);
        if (result.accepted() != batch) {
            throw new IllegalStateException(result.toString());
        }
        return result.accepted();
    }

    /** Removes it. */
    @TearDown(Level.Invocation)
    public void remove() throws InterruptedException {
        elsewhere(this::removeFilled);
    }

    private @Nullable Void removeFilled() throws IOException {
        Objects.requireNonNull(log).close();
        delete(directory.resolve("log"));
        return null;
    }

    private static void elsewhere(Callable<@Nullable Void> task) throws InterruptedException {
        FutureTask<@Nullable Void> done = new FutureTask<>(task);
        Thread.ofPlatform().start(done).join();
        if (done.state() == Future.State.FAILED) {
            throw new IllegalStateException(done.exceptionNow());
        }
    }

    /** Removes what it stood in. */
    @TearDown
    public void end() throws IOException {
        delete(directory);
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
