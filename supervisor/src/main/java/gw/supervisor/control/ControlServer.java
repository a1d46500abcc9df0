package gw.supervisor.control;

import gw.supervisor.config.ControlAddress;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Serves the control API, gRPC's health and its reflection on an event loop of its own; calls run
 * on virtual threads, so that no question can hold up an event.
 */
public final class ControlServer implements AutoCloseable {
    private static final int MAX_REQUEST_BYTES = 64 * 1024;

    private final Server server;
    private final EventLoopGroup group;
    private final ExecutorService calls;
    private final HealthStatusManager health;

    private ControlServer(
            Server server,
            EventLoopGroup group,
            ExecutorService calls,
            HealthStatusManager health) {
        this.server = server;
        this.group = group;
        this.calls = calls;
        this.health = health;
    }

    /**
     * Begins to serve.
     *
     * @param others served beside the control API
     * @throws UserError when the address can't be had
     */
    public static ControlServer start(
            ControlAddress address, ControlHandler handler, List<? extends BindableService> others)
            throws UserError {
        boolean epoll = Epoll.isAvailable();
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("gw-control-api", true),
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
        HealthStatusManager health = new HealthStatusManager();
        try {
            NettyServerBuilder builder =
                    NettyServerBuilder.forAddress(bindTo(address, epoll))
                            .channelType(channel(address, epoll))
                            .bossEventLoopGroup(group)
                            .workerEventLoopGroup(group)
                            .executor(calls)
                            .maxInboundMessageSize(MAX_REQUEST_BYTES)
                            .addService(new ControlService(handler))
                            .addService(health.getHealthService())
                            .addService(ProtoReflectionServiceV1.newInstance());
            others.forEach(builder::addService);
            Server server = builder.build().start();
            if (address instanceof ControlAddress.Unix unix) {
                var _ =
                        Files.setPosixFilePermissions(
                                unix.path(), PosixFilePermissions.fromString("rw-------"));
            }
            health.setStatus("gw.v1.Control", ServingStatus.SERVING);
            return new ControlServer(server, group, calls, health);
        } catch (IOException e) {
            var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            calls.shutdownNow();
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UserError(
                    ExitCode.IN_USE,
                    "the control API can't listen on " + address + ": " + cause.getMessage(),
                    "Something else may hold the address: choose another with --control.",
                    e);
        }
    }

    /** Where it really listens: the port, when port 0 was asked for. */
    public String address() {
        SocketAddress bound = server.getListenSockets().getFirst();
        return bound instanceof InetSocketAddress tcp
                ? tcp.getHostString() + ":" + tcp.getPort()
                : bound.toString();
    }

    private static SocketAddress bindTo(ControlAddress address, boolean epoll) throws IOException {
        return switch (address) {
            case ControlAddress.Tcp tcp -> new InetSocketAddress(tcp.host(), tcp.port());
            case ControlAddress.Unix unix -> {
                Path path = unix.path();
                removeLeftOver(path);
                yield epoll
                        ? new DomainSocketAddress(path.toFile())
                        : UnixDomainSocketAddress.of(path);
            }
        };
    }

    /** Only a socket on which nobody answers: anything else at this path is not ours to remove. */
    private static void removeLeftOver(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isOther()) {
            throw new IOException("there is something at this path that is no socket");
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new BindException("somebody listens there already");
        } catch (BindException e) {
            throw e;
        } catch (IOException e) {
            // Nobody: whoever left it is gone.
            var _ = Files.deleteIfExists(path);
        }
    }

    private static Class<? extends ServerChannel> channel(ControlAddress address, boolean epoll) {
        return switch (address) {
            case ControlAddress.Tcp _ ->
                    epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
            case ControlAddress.Unix _ ->
                    epoll
                            ? EpollServerDomainSocketChannel.class
                            : NioServerDomainSocketChannel.class;
        };
    }

    /** Ends all calls. */
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(300, TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                // The loop must not go before it has told the callers.
                var _ = server.awaitTermination(500, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        calls.shutdownNow();
        var _ = group.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
    }
}
