package gw.worker.socket;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** How this machine's sockets are driven: epoll where its native library loads, NIO elsewhere. */
public enum Transport {
    EPOLL(EpollSocketChannel.class, EpollDomainSocketChannel.class),
    NIO(NioSocketChannel.class, NioDomainSocketChannel.class);

    private final Class<? extends Channel> tcp;
    private final Class<? extends Channel> unix;

    Transport(Class<? extends Channel> tcp, Class<? extends Channel> unix) {
        this.tcp = tcp;
        this.unix = unix;
    }

    /** The best that works here. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Event loops of this kind; their threads are daemons with this name. */
    public EventLoopGroup group(int threads, String name) {
        IoHandlerFactory handler =
                switch (this) {
                    case EPOLL -> EpollIoHandler.newFactory();
                    case NIO -> NioIoHandler.newFactory();
                };
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory(name, true), handler);
    }

    Class<? extends Channel> tcpChannel() {
        return tcp;
    }

    /** A client's channel over a Unix socket. */
    public Class<? extends Channel> unixChannel() {
        return unix;
    }
}
