package gw.worker;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.TransportCompression;
import gw.proto.v1.Attach;
import gw.worker.link.SupervisorLink;
import gw.worker.socket.Transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ResourceLeakDetector;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * An event leaves next to no garbage behind in a worker, so that a small heap is enough for many
 * (P7): from the bytes on Discord's socket to those on the link. Counted is what the worker's event
 * loop allocates, which is the same on a fast machine and on a busy one; the surefire flags are
 * those of a worker, apart from its optimizing compiler, which only leaves objects out.
 */
@Timeout(60)
class EventGarbageTest {
    private static final int ROUNDS = 5;

    @TempDir private Path dir;

    private final EventLoopGroup group = Transport.best().group(1, "worker");
    private final EventLoop loop = group.next();
    private final StoppableTime nanos = new StoppableTime();
    private final ResourceLeakDetector.Level leakDetection = ResourceLeakDetector.getLevel();

    @BeforeEach
    void countNothingThatIsOnlyForTests() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        ResourceLeakDetector.setLevel(leakDetection);
    }

    @ParameterizedTest
    @CsvSource({"ZLIB_STREAM, 600, 100", "ZSTD_STREAM, 600, 100"})
    void anEventLeavesNextToNoGarbageBehind(
            TransportCompression compression, long mostAlone, long mostTogether) throws Exception {
        long seed = new SplittableRandom().nextLong();
        long startMicros = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
        try (CountingSupervisor supervisor = new CountingSupervisor(dir.resolve("link.sock"));
                EventFeed gateway = new EventFeed(compression, seed)) {
            supervisor.start(gateway.url(), compression);
            SupervisorLink link = start(seed);
            gateway.connected();
            supervisor.awaitRecords(1);

            // As at 5,000 a second: most have a hop over the link of their own.
            supervisor.ackEach(8);
            nanos.runAhead();
            long alone = bytesPerEvent(gateway, supervisor, 1, 800);
            // As at 20,000 a second: a hop is put off, for more is to come.
            supervisor.ackEach(4);
            nanos.stop();
            long together = bytesPerEvent(gateway, supervisor, 10, 2_000);

            String figures =
                    "%s: %d bytes per event alone, %d among ten; seed %d"
                            .formatted(compression, alone, together, seed);
            System.out.println(figures);
            loop.submit(link::close).get();
            // P1: what is long past would be dropped as too old, and its interaction not deferred.
            assertThat(supervisor.earliestMicros()).isGreaterThanOrEqualTo(startMicros);
            assertThat(alone).as(figures).isLessThanOrEqualTo(mostAlone);
            assertThat(together).as(figures).isLessThanOrEqualTo(mostTogether);
        }
    }

    /** The median of some rounds: what happens once in a while is no event's. */
    private long bytesPerEvent(
            EventFeed gateway, CountingSupervisor supervisor, int perRead, int events)
            throws Exception {
        feed(gateway, supervisor, perRead, events);
        long[] rounds = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long before = allocatedBytes();
            feed(gateway, supervisor, perRead, events);
            rounds[i] = (allocatedBytes() - before) / events;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private void feed(EventFeed gateway, CountingSupervisor supervisor, int perRead, int events)
            throws Exception {
        for (int sent = 0; sent < events; sent += perRead) {
            nanos.step();
            gateway.send(perRead);
            supervisor.awaitRecords(perRead);
        }
    }

    private long allocatedBytes() throws Exception {
        return loop.submit(() ->
                        ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                                .getCurrentThreadAllocatedBytes())
                .get();
    }

    private SupervisorLink start(long seed) {
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(seed);
        Worker worker =
                new Worker(
                        Transport.best(),
                        loop,
                        InstantSource.system(),
                        nanos,
                        random,
                        new WorkerLog(nowhere, InstantSource.system()),
                        _ -> {});
        SupervisorLink link =
                new SupervisorLink(
                        group,
                        loop,
                        Transport.best().unixChannel(),
                        dir.resolve("link.sock"),
                        Attach.getDefaultInstance(),
                        Duration.ofSeconds(60),
                        worker,
                        random);
        loop.execute(() -> worker.start(link));
        return link;
    }

    /** The worker's time: it decides which events share a hop, so no machine's speed may. */
    private static final class StoppableTime implements LongSupplier {
        private static final long STEP_NANOS = 1_000_000;

        private final AtomicLong ahead = new AtomicLong();
        private final AtomicLong stoppedAt = new AtomicLong();

        /** Each step is a long time from now on. */
        void runAhead() {
            stoppedAt.set(0);
        }

        /** No time passes any more. */
        void stop() {
            stoppedAt.set(getAsLong());
        }

        void step() {
            ahead.addAndGet(STEP_NANOS);
        }

        @Override
        public long getAsLong() {
            long stopped = stoppedAt.get();
            return stopped != 0 ? stopped : System.nanoTime() + ahead.get();
        }
    }
}
