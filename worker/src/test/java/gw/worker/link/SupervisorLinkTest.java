package gw.worker.link;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.Ack;
import gw.proto.v1.Attach;
import gw.proto.v1.IdentifyTurn;
import gw.proto.v1.LinkGrpc;
import gw.proto.v1.Refusal;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;
import gw.proto.v1.WorkerConfig;
import gw.worker.socket.Transport;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Nothing that was taken is forgotten before the supervisor has it (P1). */
@Timeout(30)
class SupervisorLinkTest implements LinkListener {
    @TempDir private Path dir;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final EventLoopGroup group = Transport.EPOLL.group(1, "worker");
    private final EventLoop loop = group.next();
    private final EventLoopGroup serverGroup = Transport.EPOLL.group(1, "supervisor");
    private volatile Runnable whenConfigured = () -> {};
    private final FakeSupervisor supervisor = new FakeSupervisor();

    @AfterEach
    void stop() {
        supervisor.stop();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        serverGroup.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void attachesSendsAndLearnsWhatIsSafe() throws Exception {
        supervisor.start();
        SupervisorLink link = link(Duration.ofSeconds(10));
        expect("configured");
        loop.execute(() -> send(link, "a", 3, 11));
        loop.execute(() -> send(link, "b", 3, 12));
        assertThat(supervisor.next()).isEqualTo("attach 7");
        assertThat(supervisor.next()).isEqualTo("batch 1 a");
        assertThat(supervisor.next()).isEqualTo("batch 2 b");
        supervisor.say(ToWorker.newBuilder().setAck(Ack.newBuilder().setBatch(2)));
        expect("durable 3 s 11", "durable 3 s 12", "window");
        assertThat(loop.submit(link::isDrained).get()).isTrue();
    }

    @Test
    void sendsAgainWhatWasNotAckedWhenTheSupervisorComesBack() throws Exception {
        supervisor.start();
        SupervisorLink link = link(Duration.ofSeconds(20));
        expect("configured");
        for (String text : List.of("a", "b", "c")) {
            loop.execute(() -> send(link, text, 0, text.charAt(0)));
        }
        supervisor.await("batch 3 c");
        supervisor.say(ToWorker.newBuilder().setAck(Ack.newBuilder().setBatch(1)));
        expect("durable 0 s 97", "window");
        supervisor.stop();
        assertThat(next()).startsWith("trouble");
        loop.execute(() -> send(link, "d", 0, 'd'));
        supervisor.start();
        expect("configured");
        assertThat(supervisor.next()).isEqualTo("attach 7");
        assertThat(supervisor.next()).isEqualTo("batch 1 b");
        assertThat(supervisor.next()).isEqualTo("batch 2 c");
        assertThat(supervisor.next()).isEqualTo("batch 3 d");
        supervisor.say(ToWorker.newBuilder().setAck(Ack.newBuilder().setBatch(3)));
        expect("durable 0 s 98", "durable 0 s 99", "durable 0 s 100", "window");
    }

    @Test
    void numbersAnewWhatIsHandedOverWhileItAttachesAgain() throws Exception {
        supervisor.start();
        SupervisorLink link = link(Duration.ofSeconds(20));
        expect("configured");
        loop.execute(() -> send(link, "a", 0, 'a'));
        supervisor.await("batch 1 a");
        supervisor.stop();
        assertThat(next()).startsWith("trouble");
        whenConfigured = () -> send(link, "b", 0, 'b');
        supervisor.start();
        expect("configured");
        loop.execute(() -> send(link, "c", 0, 'c'));
        assertThat(supervisor.next()).isEqualTo("attach 7");
        assertThat(supervisor.next()).isEqualTo("batch 1 a");
        assertThat(supervisor.next()).isEqualTo("batch 2 b");
        assertThat(supervisor.next()).isEqualTo("batch 3 c");
    }

    /** What a paused supervisor doesn't read must not pile up (P7). */
    @Test
    void isNotReadyWhileTheSupervisorDoesNotRead() throws Exception {
        supervisor.reads = false;
        supervisor.start();
        SupervisorLink link = link(Duration.ofSeconds(20));
        expect("configured");
        assertThat(loop.submit(link::isReady).get()).isTrue();
        String large = "x".repeat(4 * 1024 * 1024 - 1024);
        loop.submit(() -> send(link, large, 0, 1)).get();
        loop.submit(() -> send(link, large, 0, 2)).get();
        assertThat(loop.submit(link::isReady).get()).isFalse();
    }

    @Test
    void anAckOfWhatWasNeverSentResetsTheLinkWithWords() throws Exception {
        supervisor.start();
        SupervisorLink _ = link(Duration.ofSeconds(10));
        expect("configured");
        supervisor.say(ToWorker.newBuilder().setAck(Ack.newBuilder().setBatch(5)));
        assertThat(next()).startsWith("trouble").contains("never sent");
        expect("configured");
    }

    @Test
    void leavesWhenNobodyAnswersForTooLong() throws Exception {
        SupervisorLink _ = link(Duration.ofMillis(300));
        expect("orphaned");
    }

    @Test
    void hearsARefusalAndOrders() throws Exception {
        supervisor.start();
        SupervisorLink _ = link(Duration.ofSeconds(10));
        expect("configured");
        supervisor.say(
                ToWorker.newBuilder().setIdentifyTurn(IdentifyTurn.newBuilder().setShardId(4)));
        expect("turn 4");
        supervisor.say(ToWorker.newBuilder().setRefusal(Refusal.newBuilder().setReason("no")));
        expect("refused no");
    }

    private SupervisorLink link(Duration orphanTimeout) {
        SupervisorLink link =
                new SupervisorLink(
                        group,
                        loop,
                        Transport.EPOLL.unixChannel(),
                        dir.resolve("link.sock"),
                        Attach.newBuilder().setCluster(7).build(),
                        orphanTimeout,
                        this,
                        new SplittableRandom(1));
        loop.execute(link::start);
        return link;
    }

    private static void send(SupervisorLink link, String records, int shard, long sequence) {
        byte[] bytes = records.getBytes(StandardCharsets.US_ASCII);
        RecordChunk chunk = link.chunk(bytes.length);
        System.arraycopy(bytes, 0, chunk.bytes(), 0, bytes.length);
        Batch batch = link.batch(chunk, 0, bytes.length);
        batch.mark(shard, "s", sequence);
        link.send(batch);
        link.full(chunk);
    }

    private void expect(String... lines) throws InterruptedException {
        for (String line : lines) {
            assertThat(next()).isEqualTo(line);
        }
    }

    private String next() throws InterruptedException {
        String line = heard.poll(10, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("nothing was heard");
        }
        return line;
    }

    @Override
    public void configured(WorkerConfig config) {
        whenConfigured.run();
        heard.add("configured");
    }

    @Override
    public void refused(String reason) {
        heard.add("refused " + reason);
    }

    @Override
    public void orphaned() {
        heard.add("orphaned");
    }

    @Override
    public void turn(int shardId) {
        heard.add("turn " + shardId);
    }

    @Override
    public void granted(int shardId, long grantId, long expiresAtMillis) {
        heard.add("granted " + shardId + " " + grantId);
    }

    @Override
    public void restart(int shardId, boolean fresh) {
        heard.add("restart " + shardId + " " + fresh);
    }

    @Override
    public void shutdown(int withinMillis, boolean endSessions) {
        heard.add("shutdown " + withinMillis);
    }

    @Override
    public void held(boolean on) {}

    @Override
    public void durable(int shardId, String sessionId, long sequence) {
        heard.add("durable " + shardId + " " + sessionId + " " + sequence);
    }

    @Override
    public void windowMoved() {
        heard.add("window");
    }

    @Override
    public void trouble(String what) {
        heard.add("trouble " + what);
    }

    /** Answers Attach with a configuration and writes down what comes. */
    private final class FakeSupervisor extends LinkGrpc.LinkImplBase {
        private final BlockingQueue<String> came = new LinkedBlockingQueue<>();
        private final BlockingQueue<StreamObserver<ToWorker>> workers = new LinkedBlockingQueue<>();
        private volatile boolean reads = true;
        private Server server = unstarted();

        private Server unstarted() {
            return NettyServerBuilder.forAddress(new DomainSocketAddress(new java.io.File("/")))
                    .channelType(EpollServerDomainSocketChannel.class)
                    .bossEventLoopGroup(serverGroup)
                    .workerEventLoopGroup(serverGroup)
                    .build();
        }

        void start() throws IOException {
            came.clear();
            workers.clear();
            server =
                    NettyServerBuilder.forAddress(
                                    new DomainSocketAddress(dir.resolve("link.sock").toFile()))
                            .channelType(EpollServerDomainSocketChannel.class)
                            .bossEventLoopGroup(serverGroup)
                            .workerEventLoopGroup(serverGroup)
                            .addService(this)
                            .build()
                            .start();
        }

        void stop() {
            server.shutdownNow();
            try {
                var _ = server.awaitTermination(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        void say(ToWorker.Builder message) throws InterruptedException {
            StreamObserver<ToWorker> worker = workers.poll(5, TimeUnit.SECONDS);
            if (worker == null) {
                throw new AssertionError("no worker");
            }
            worker.onNext(message.build());
            workers.add(worker);
        }

        String next() throws InterruptedException {
            String line = came.poll(10, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("nothing came");
            }
            return line;
        }

        void await(String line) throws InterruptedException {
            String came = next();
            while (!came.equals(line)) {
                came = next();
            }
        }

        @Override
        public StreamObserver<ToSupervisor> attach(StreamObserver<ToWorker> worker) {
            if (!reads && worker instanceof ServerCallStreamObserver<ToWorker> call) {
                call.disableAutoRequest();
                // Attach alone.
                call.request(1);
            }
            return new StreamObserver<>() {
                @Override
                public void onNext(ToSupervisor message) {
                    if (message.hasAttach()) {
                        came.add("attach " + message.getAttach().getCluster());
                        workers.add(worker);
                        worker.onNext(
                                ToWorker.newBuilder()
                                        .setConfig(WorkerConfig.getDefaultInstance())
                                        .build());
                    } else if (message.hasBatch()) {
                        came.add(
                                "batch "
                                        + message.getBatch().getBatch()
                                        + " "
                                        + message.getBatch().getRecords().toStringUtf8());
                    }
                }

                @Override
                public void onError(Throwable error) {
                    workers.remove(worker);
                }

                @Override
                public void onCompleted() {
                    workers.remove(worker);
                    worker.onCompleted();
                }
            };
        }
    }
}
