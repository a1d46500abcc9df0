package gw.supervisor;

import com.google.protobuf.ByteString;

import gw.model.LinkVersion;
import gw.proto.v1.Attach;
import gw.proto.v1.LinkGrpc;
import gw.proto.v1.RecordBatch;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;
import gw.record.RecordBuffer;
import gw.record.RecordFormat;
import gw.record.RecordKind;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A worker with one shard, whose events are of about 600 bytes; on a thread of its own. */
final class BatchFeed implements AutoCloseable {
    private static final byte[] SESSION =
            "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAME = "MESSAGE_CREATE".getBytes(StandardCharsets.US_ASCII);

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<ToWorker> said = new LinkedBlockingQueue<>();
    private final RecordBuffer records = new RecordBuffer(64 * 1024);
    private final SplittableRandom random;
    private final ManagedChannel channel;
    private final StreamObserver<ToSupervisor> supervisor;
    private long sequence;
    private long batches;

    BatchFeed(Path socket, long seed) {
        random = new SplittableRandom(seed);
        channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .channelType(EpollDomainSocketChannel.class)
                        .eventLoopGroup(group)
                        .directExecutor()
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .build();
        supervisor =
                LinkGrpc.newStub(channel)
                        .attach(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ToWorker message) {
                                        said.add(message);
                                    }

                                    @Override
                                    public void onError(Throwable error) {}

                                    @Override
                                    public void onCompleted() {}
                                });
    }

    void attach() throws InterruptedException {
        supervisor.onNext(
                ToSupervisor.newBuilder()
                        .setAttach(Attach.newBuilder().setLinkVersion(LinkVersion.CURRENT))
                        .build());
        if (!next().hasConfig()) {
            throw new AssertionError("not taken in");
        }
    }

    /** Sends a batch of so many records. */
    void send(int count) {
        records.clear();
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[400 + random.nextInt(400)];
            random.nextBytes(payload);
            var _ =
                    records.append(
                            RecordKind.DISPATCH,
                            0,
                            1,
                            ++sequence,
                            1_000_000_000_000_000_000L + random.nextInt(1_000),
                            RecordFormat.micros(InstantSource.system()),
                            SESSION,
                            NAME,
                            0,
                            NAME.length,
                            payload,
                            0,
                            payload.length);
        }
        supervisor.onNext(
                ToSupervisor.newBuilder()
                        .setBatch(
                                RecordBatch.newBuilder()
                                        .setBatch(++batches)
                                        .setRecords(ByteString.copyFrom(records.toByteArray())))
                        .build());
    }

    /** Waits until the last batch is acked. */
    void awaitAck() throws InterruptedException {
        while (next().getAck().getBatch() != batches) {
            // An earlier one.
        }
    }

    private ToWorker next() throws InterruptedException {
        ToWorker message = said.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("the supervisor says nothing");
        }
        return message;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
