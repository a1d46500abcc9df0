package gw.worker;

import com.google.protobuf.ByteString;

import gw.model.TransportCompression;
import gw.proto.v1.Ack;
import gw.proto.v1.Compression;
import gw.proto.v1.GatewaySession;
import gw.proto.v1.LinkGrpc;
import gw.proto.v1.RecordBatch;
import gw.proto.v1.ShardAssignment;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;
import gw.proto.v1.WorkerConfig;
import gw.record.RecordView;
import gw.worker.socket.Transport;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Has a worker resume one shard, counts the records that come and acks them; on its own thread. */
final class CountingSupervisor extends LinkGrpc.LinkImplBase implements AutoCloseable {
    private final EventLoopGroup group = Transport.EPOLL.group(1, "supervisor");
    private final Semaphore records = new Semaphore(0);
    private final Server server;
    private WorkerConfig config = WorkerConfig.getDefaultInstance();
    private volatile int batchesPerAck = 1;
    private volatile long earliestMicros = Long.MAX_VALUE;

    CountingSupervisor(Path socket) {
        server =
                NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .channelType(EpollServerDomainSocketChannel.class)
                        .bossEventLoopGroup(group)
                        .workerEventLoopGroup(group)
                        .directExecutor()
                        .flowControlWindow(4 * 1024 * 1024)
                        .addService(this)
                        .build();
    }

    void start(String gatewayUrl, TransportCompression compression) throws IOException {
        config =
                WorkerConfig.newBuilder()
                        .setToken("token")
                        .setGatewayUrl(gatewayUrl)
                        .setApiVersion(10)
                        .setCompression(Compression.valueOf("COMPRESSION_" + compression.name()))
                        .setShardCount(1)
                        .addShards(
                                ShardAssignment.newBuilder()
                                        .setSession(
                                                GatewaySession.newBuilder()
                                                        .setSessionId(EventFeed.SESSION)
                                                        .setResumeUrl(gatewayUrl)
                                                        .setSequence(1)))
                        .setBeatIntervalMs(3_600_000)
                        .setMaxMessageBytes(1 << 24)
                        .setMaxUnackedBytes(1 << 24)
                        .setConnectStepTimeoutMs(10_000)
                        .setSessionTimeoutMs(10_000)
                        .setGuildTimeoutMs(10_000)
                        .build();
        var _ = server.start();
    }

    void ackEach(int batches) {
        batchesPerAck = batches;
    }

    void awaitRecords(int count) throws InterruptedException {
        if (!records.tryAcquire(count, 20, TimeUnit.SECONDS)) {
            throw new AssertionError("records did not come");
        }
    }

    /** When the first of them came off a socket, as the records say. */
    long earliestMicros() {
        return earliestMicros;
    }

    @Override
    public void close() {
        server.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Override
    public StreamObserver<ToSupervisor> attach(StreamObserver<ToWorker> worker) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ToSupervisor message) {
                if (message.hasAttach()) {
                    worker.onNext(ToWorker.newBuilder().setConfig(config).build());
                } else if (message.hasBatch()) {
                    RecordBatch batch = message.getBatch();
                    int count = count(batch.getRecords());
                    if (batch.getBatch() % batchesPerAck == 0) {
                        worker.onNext(
                                ToWorker.newBuilder()
                                        .setAck(Ack.newBuilder().setBatch(batch.getBatch()))
                                        .build());
                    }
                    records.release(count);
                }
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {
                worker.onCompleted();
            }
        };
    }

    private int count(ByteString records) {
        byte[] bytes = records.toByteArray();
        RecordView record = new RecordView();
        long earliest = earliestMicros;
        int count = 0;
        int at = 0;
        while (at < bytes.length) {
            at = record.wrapChecked(bytes, at);
            earliest = Math.min(earliest, record.receivedAtMicros());
            count++;
        }
        earliestMicros = earliest;
        return count;
    }
}
