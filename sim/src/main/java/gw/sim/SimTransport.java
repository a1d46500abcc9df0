package gw.sim;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** How this machine's sockets are driven: epoll where its native library loads, NIO elsewhere. */
enum SimTransport {
    EPOLL(EpollServerSocketChannel.class),
    NIO(NioServerSocketChannel.class);

    private final Class<? extends ServerChannel> server;

    SimTransport(Class<? extends ServerChannel> server) {
        this.server = server;
    }

    static SimTransport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    Class<? extends ServerChannel> server() {
        return server;
    }

    /** One loop on one daemon thread. */
    EventLoopGroup group() {
        IoHandlerFactory handler =
                switch (this) {
                    case EPOLL -> EpollIoHandler.newFactory();
                    case NIO -> NioIoHandler.newFactory();
                };
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("gw-sim", true), handler);
    }
}
