package gw.chaos;

import gw.proto.v1.ControlGrpc;
import gw.proto.v1.GetStatusRequest;
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

/** Asks whichever supervisor listens on the control socket. Any thread. */
final class Control implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final ManagedChannel channel;

    Control(Path socket) {
        channel =
                NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
                        .channelType(EpollDomainSocketChannel.class)
                        .eventLoopGroup(loop)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .build();
    }

    /** How gw stands; empty: nobody answers. */
    Optional<Status> status() {
        try {
            return Optional.of(
                    ControlGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(PATIENCE)
                            .getStatus(GetStatusRequest.getDefaultInstance()));
        } catch (StatusRuntimeException e) {
            // The next supervisor may be there long before the channel would look for it again.
            channel.resetConnectBackoff();
            return Optional.empty();
        }
    }

    static long ready(Status status) {
        return status.getShardsList().stream()
                .filter(shard -> shard.getState() == ShardState.SHARD_STATE_READY)
                .count();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
