package gw.supervisor.authority;

import gw.proto.v1.IdentifyAuthorityGrpc;
import gw.proto.v1.IdentifyAuthorityGrpc.IdentifyAuthorityStub;
import gw.supervisor.config.ControlAddress;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;

/** The way to another supervisor's control API. */
final class AuthorityChannel implements AutoCloseable {
    private final EventLoopGroup group;
    private final ManagedChannel channel;

    /** Connects with the first call. */
    AuthorityChannel(ControlAddress address) {
        group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("gw-identify-authority", true),
                        NioIoHandler.newFactory());
        NettyChannelBuilder builder =
                switch (address) {
                    case ControlAddress.Unix unix ->
                            NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(unix.path()))
                                    .channelType(NioDomainSocketChannel.class);
                    // By name: its address may be another one when it is dialled again.
                    case ControlAddress.Tcp tcp ->
                            NettyChannelBuilder.forAddress(tcp.host(), tcp.port())
                                    .channelType(NioSocketChannel.class);
                };
        channel =
                builder.eventLoopGroup(group)
                        .overrideAuthority("localhost")
                        .proxyDetector(_ -> null)
                        .usePlaintext()
                        .directExecutor()
                        .disableRetry()
                        .build();
    }

    /** For one call with this header; what waited for a connection tries at once. */
    IdentifyAuthorityStub dial(String header) {
        channel.resetConnectBackoff();
        Metadata metadata = new Metadata();
        metadata.put(TokenProof.HEADER, header);
        return IdentifyAuthorityGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
