package gw.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Attach;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.WorkerConfig;
import gw.supervisor.delivery.BatchSettings;
import gw.supervisor.delivery.DeadLetters;
import gw.supervisor.delivery.DeliveryLoop;
import gw.supervisor.delivery.DeliverySettings;
import gw.supervisor.delivery.http.HttpSink;
import gw.supervisor.delivery.http.HttpSinkSettings;
import gw.supervisor.link.LinkListener;
import gw.supervisor.link.LinkServer;
import gw.supervisor.link.WorkerLink;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.LogLimits;
import gw.supervisor.log.Logs;
import gw.supervisor.log.SegmentLog;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.ResourceLeakDetector;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * An event leaves next to no garbage behind in the supervisor, whose heap is small (P7): from the
 * bytes on the link through the log to the bot's answer. Counted is what the data event loop
 * allocates, which is the same on a fast machine and on a busy one; the surefire flags are those of
 * the program, apart from its optimizing compiler, which only leaves objects out.
 */
@Timeout(60)
class EventGarbageTest {
    private static final int ROUNDS = 5;
    private static final int CONNECTIONS = 64;
    private static final LogLimits LIMITS = LogLimits.of(1_000_000_000, 1_000_000);

    @TempDir private Path dir;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final EventLoop loop = group.next();
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

    /** Each batch is acked by itself, which is the most that there can be of acks. */
    @ParameterizedTest
    @CsvSource({"1, 200, 1080", "3, 450, 425", "50, 2000, 135"})
    void anEventLeavesNextToNoGarbageBehind(int perBatch, int events, long most) throws Exception {
        long seed = new SplittableRandom().nextLong();
        SegmentLog log = Logs.open(dir.resolve("log"), LIMITS, loop);
        try (CountingBot bot = new CountingBot();
                DeadLetters dead =
                        new DeadLetters(dir.resolve("dead"), 1_000_000, InstantSource.system())) {
            DeliveryLoop delivery = delivery(log, bot, dead, seed);
            Path socket = dir.resolve("link.sock");
            try (LinkServer _ =
                            LinkServer.start(
                                    group,
                                    loop,
                                    socket,
                                    new Records(log, delivery),
                                    System::nanoTime);
                    BatchFeed worker = new BatchFeed(socket, seed)) {
                worker.attach();
                // Opens all the connections that there will be.
                feed(worker, bot, 8 * CONNECTIONS, 8 * CONNECTIONS);

                long bytes = bytesPerEvent(worker, bot, perBatch, events);

                String figures =
                        "%d bytes per event, %d to a batch; seed %d"
                                .formatted(bytes, perBatch, seed);
                System.out.println(figures);
                assertThat(bytes).as(figures).isLessThanOrEqualTo(most);
            }
            assertThat(delivery.stop(Duration.ofSeconds(5)).get()).isZero();
        }
        loop.submit(log::close).get();
    }

    /** The median of some rounds: what happens once in a while is no event's. */
    private long bytesPerEvent(BatchFeed worker, CountingBot bot, int perBatch, int events)
            throws Exception {
        feed(worker, bot, perBatch, events);
        long[] rounds = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long before = allocatedBytes();
            feed(worker, bot, perBatch, events);
            rounds[i] = (allocatedBytes() - before) / events;
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private static void feed(BatchFeed worker, CountingBot bot, int perBatch, int events)
            throws Exception {
        for (int sent = 0; sent < events; sent += perBatch) {
            worker.send(perBatch);
            bot.await(perBatch);
            worker.awaitAck();
        }
    }

    private long allocatedBytes() throws Exception {
        return loop.submit(() ->
                        ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                                .getCurrentThreadAllocatedBytes())
                .get();
    }

    private DeliveryLoop delivery(SegmentLog log, CountingBot bot, DeadLetters dead, long seed) {
        Duration timeout = Duration.ofSeconds(50);
        HttpSink sink =
                new HttpSink(
                        loop,
                        EpollSocketChannel::new,
                        new HttpSinkSettings(
                                bot.url(), Optional.empty(), timeout, timeout, "gw/test", false),
                        InstantSource.system(),
                        System::nanoTime);
        return new DeliveryLoop(
                loop,
                log,
                sink,
                dead,
                DeliverySettings.of(CONNECTIONS, BatchSettings.NONE, LIMITS),
                InstantSource.system(),
                new SplittableRandom(seed));
    }

    /** Takes records as {@link DataPath} does, and has nothing else to decide. */
    private static final class Records implements LinkListener {
        private final DeliveryLoop delivery;
        private final Inflow inflow;

        Records(SegmentLog log, DeliveryLoop delivery) {
            this.delivery = delivery;
            this.inflow = new Inflow(log, this::taken);
        }

        private void taken(WorkerLink link, AppendResult result) {
            if (result.accepted() > 0) {
                delivery.wake();
            }
        }

        @Override
        public void attached(WorkerLink link, Attach attach) {
            inflow.attached(link);
            link.configure(WorkerConfig.getDefaultInstance());
        }

        @Override
        public void batch(WorkerLink link, long number, byte[] array, int from, int to) {
            inflow.take(link, number, array, from, to);
        }

        @Override
        public void message(WorkerLink link, ToSupervisor message) {}

        @Override
        public void closed(WorkerLink link, String reason) {
            inflow.closed(link, true);
        }
    }
}
