package gw.e2e;

import gw.proto.v1.CancelReshardRequest;
import gw.proto.v1.ControlGrpc;
import gw.proto.v1.GetStatusRequest;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.RestartShardRequest;
import gw.proto.v1.RestartWorkerRequest;
import gw.proto.v1.ShardState;
import gw.proto.v1.Status;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Asks a running supervisor by its control socket, as any client would. */
final class ControlProbe implements AutoCloseable {
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel;

    ControlProbe(Path socket) {
        channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .channelType(EpollDomainSocketChannel.class)
                        .eventLoopGroup(loop)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .build();
    }

    Optional<Status> status() {
        try {
            return Optional.of(stub().getStatus(GetStatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    Status await(Duration within, String what, Predicate<Status> fits) {
        Status[] last = new Status[1];
        return Wait.until(
                within,
                () -> {
                    Optional<Status> status = status();
                    status.ifPresent(seen -> last[0] = seen);
                    return status.filter(fits);
                },
                () -> what + "; the last status was:\n" + last[0]);
    }

    Status awaitAllReady(Duration within, int shards) {
        return await(within, shards + " shards ready", status -> ready(status) == shards);
    }

    static long ready(Status status) {
        return status.getShardsList().stream()
                .filter(shard -> shard.getState() == ShardState.SHARD_STATE_READY)
                .count();
    }

    void restartShard(int shardId, boolean fresh) {
        var _ =
                stub().restartShard(
                                RestartShardRequest.newBuilder()
                                        .setShardId(shardId)
                                        .setFresh(fresh)
                                        .build());
    }

    void restartWorker(int worker) {
        var _ = stub().restartWorker(RestartWorkerRequest.newBuilder().setWorker(worker).build());
    }

    /** Orders a reshard; a refusal is its words. */
    ReshardResponse reshard(ReshardRequest request) {
        return stub().reshard(request);
    }

    void cancelReshard() {
        var _ = stub().cancelReshard(CancelReshardRequest.getDefaultInstance());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private ControlGrpc.ControlBlockingStub stub() {
        return ControlGrpc.newBlockingStub(channel).withDeadlineAfter(Duration.ofSeconds(5));
    }
}
