package gw.supervisor.link;

import gw.proto.v1.LinkGrpc;
import gw.record.RecordFormat;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The supervisor's end of the links: a gRPC server on a Unix socket whose calls run on the data
 * event loop itself, with no handing over between threads.
 */
public final class LinkServer implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = RecordFormat.MAX_RECORD_BYTES + 1024 * 1024;

    /** Enough for a burst; beyond it the worker's window fills and it stops reading. */
    private static final int FLOW_CONTROL_BYTES = 4 * 1024 * 1024;

    private final Server server;

    private LinkServer(Server server) {
        this.server = server;
    }

    /**
     * Begins to listen.
     *
     * @param group holds exactly {@code loop}
     * @param socket replaced when it exists: whoever left it is gone
     * @param nanos monotonic
     * @throws IOException when it can't listen there
     */
    public static LinkServer start(
            EventLoopGroup group,
            EventLoop loop,
            Path socket,
            LinkListener listener,
            LongSupplier nanos)
            throws IOException {
        var _ = Files.deleteIfExists(socket);
        boolean epoll = Epoll.isAvailable();
        Server server =
                NettyServerBuilder.forAddress(
                                epoll
                                        ? new DomainSocketAddress(socket.toFile())
                                        : UnixDomainSocketAddress.of(socket))
                        .channelType(
                                epoll
                                        ? EpollServerDomainSocketChannel.class
                                        : NioServerDomainSocketChannel.class)
                        .bossEventLoopGroup(group)
                        .workerEventLoopGroup(group)
                        .directExecutor()
                        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                        .flowControlWindow(FLOW_CONTROL_BYTES)
                        .addService(service(loop, listener, nanos))
                        .build()
                        .start();
        var _ = Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        return new LinkServer(server);
    }

    /** Ends all links. */
    @Override
    public void close() {
        server.shutdownNow();
        try {
            var _ = server.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ServerServiceDefinition service(
            EventLoop loop, LinkListener listener, LongSupplier nanos) {
        MethodDescriptor<Incoming, Outgoing> attach =
                LinkGrpc.getAttachMethod().toBuilder(
                                new IncomingMarshaller(),
                                new OutgoingMarshaller(
                                        LinkGrpc.getAttachMethod().getResponseMarshaller()))
                        .build();
        return ServerServiceDefinition.builder(
                        ServiceDescriptor.newBuilder(LinkGrpc.SERVICE_NAME)
                                .addMethod(attach)
                                .build())
                .addMethod(
                        attach,
                        ServerCalls.asyncBidiStreamingCall(out ->
                                new WorkerLink(
                                        loop,
                                        listener,
                                        nanos,
                                        (ServerCallStreamObserver<Outgoing>) out)))
                .build();
    }
}
