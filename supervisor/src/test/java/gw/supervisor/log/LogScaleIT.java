package gw.supervisor.log;

import static org.assertj.core.api.Assertions.assertThat;

import gw.record.RecordBuffer;
import gw.record.RecordKind;
import gw.record.RecordView;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Ten million events wait: the next process has them at once, and little memory for it (P1, P7).
 */
class LogScaleIT {
    private static final int EVENTS = 10_000_000;
    private static final int BATCH = 500;
    private static final int SETTLED = 1_000;
    private static final long ALLOWED_HEAP = 200L * 1024 * 1024;

    /** A busy machine gives the test its share late; what it costs is the same. */
    private static final Duration RECOVERY_CPU = Duration.ofSeconds(2);

    private static final Duration RECOVERY = Duration.ofSeconds(20);

    @TempDir private Path dir;

    private final RecordView view = new RecordView();

    @Test
    void tenMillionEventsAreRecoveredAtOnceAndReadInOrderWithinAFewMegabytes() throws Exception {
        long heapBefore = heap();
        long start = System.nanoTime();
        fill();
        long filled = System.nanoTime();
        // Not closed: the process was killed.
        long cpuBefore = cpu();
        SegmentLog log = open();
        long cpu = cpu() - cpuBefore;
        long recovered = System.nanoTime();
        long heapRecovered = heap() - heapBefore;
        long disk = log.usage().diskBytes();
        assertThat(log.usage().events()).isEqualTo(EVENTS - SETTLED);
        assertThat(log.lastSequence(1, "s")).hasValue(EVENTS);
        long readFrom = System.nanoTime();
        long heapRead = readAll(log) - heapBefore;
        long readUntil = System.nanoTime();
        System.out.printf(
                Locale.ROOT,
                "%,d events, %,d MB: written in %.1f s, recovered in %.3f s (CPU %.3f s, heap %+.1f"
                        + " MB), read and settled in %.1f s (heap at most %+.1f MB)%n",
                EVENTS,
                disk / 1_000_000,
                (filled - start) / 1e9,
                (recovered - filled) / 1e9,
                cpu / 1e9,
                heapRecovered / 1e6,
                (readUntil - readFrom) / 1e9,
                heapRead / 1e6);
        assertThat(Duration.ofNanos(cpu)).isLessThan(RECOVERY_CPU);
        assertThat(Duration.ofNanos(recovered - filled)).isLessThan(RECOVERY);
        assertThat(heapRecovered).isLessThan(ALLOWED_HEAP);
        assertThat(heapRead).isLessThan(ALLOWED_HEAP);
        assertThat(log.usage().events()).isZero();
        assertThat(segments()).as("what is settled leaves the disk").isLessThan(3);
        log.close();
    }

    private void fill() {
        SegmentLog log = open();
        RecordBuffer buffer = new RecordBuffer(BATCH * 256);
        for (int first = 1; first <= EVENTS; first += BATCH) {
            AppendResult result = log.append(batch(buffer, first));
            if (result.accepted() != BATCH) {
                throw new AssertionError("at " + first + ": " + result);
            }
        }
        for (int i = 0; i < SETTLED; i++) {
            LogEntry entry = log.next();
            assertThat(entry).isNotNull();
            log.release(entry);
        }
    }

    private static byte[] batch(RecordBuffer buffer, int first) {
        byte[] session = {'s'};
        byte[] name = "MESSAGE_CREATE".getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[80];
        buffer.clear();
        for (int sequence = first; sequence < first + BATCH; sequence++) {
            // Lengths from 0 to 80, so that no record stands where a fixed step would find it.
            int length = sequence % 81;
            payload[0] = (byte) sequence;
            var _ =
                    buffer.append(
                            RecordKind.DISPATCH,
                            1,
                            10,
                            sequence,
                            sequence % 1_000 + 1,
                            1_000_000L + sequence,
                            session,
                            name,
                            0,
                            name.length,
                            payload,
                            0,
                            length);
        }
        return buffer.toByteArray();
    }

    /** Returns the most heap that was in use on the way. */
    private long readAll(SegmentLog log) {
        long most = 0;
        for (int expected = SETTLED + 1; expected <= EVENTS; expected++) {
            LogEntry entry = log.next();
            if (entry == null) {
                throw new AssertionError("nothing at " + expected);
            }
            entry.view(view);
            if (view.sequence() != expected || view.payloadLength() != expected % 81) {
                throw new AssertionError(view.sequence() + " came (expected: " + expected + ")");
            }
            log.release(entry);
            if (expected % (EVENTS / 4) == 0) {
                most = Math.max(most, heap());
            }
        }
        assertThat(log.next()).isNull();
        return most;
    }

    private SegmentLog open() {
        LogSettings plain = LogSettings.of(dir, LogLimits.of(8L << 30, 2L * EVENTS));
        return Logs.open(
                new LogSettings(
                        dir,
                        plain.limits(),
                        plain.maxAge(),
                        plain.ttl(),
                        plain.whenFull(),
                        LogSettings.Fsync.NEVER,
                        plain.catchUp(),
                        "this boot"),
                InstantSource.system(),
                Runnable::run);
    }

    private long segments() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> file.toString().endsWith(".gwlog")).count();
        }
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
