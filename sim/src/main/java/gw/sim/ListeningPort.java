package gw.sim;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A port on the loopback interface that can refuse and come back as the same port. */
final class ListeningPort {
    private static final long RETRY_MILLIS = 50;
    private static final int LOW_WATER_BYTES = 256 * 1024;
    private static final int HIGH_WATER_BYTES = 1024 * 1024;

    private final ServerBootstrap bootstrap;
    private final ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final EventLoopGroup group;
    private final int port;
    private Channel listener;
    private @Nullable Socket holder;
    private int refusals;
    private boolean closed;

    /**
     * Binds at once; not on the event loop.
     *
     * @param wanted 0: any free one
     * @param pipeline fills an accepted channel's pipeline
     * @throws IOException when the port is taken
     */
    ListeningPort(
            EventLoopGroup group, SimTransport transport, int wanted, Consumer<Channel> pipeline)
            throws IOException {
        this.group = group;
        this.bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .channel(transport.server())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, 1024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
                        .childHandler(initializer(pipeline));
        var bound = bootstrap.bind(address(wanted)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "port " + wanted + " on 127.0.0.1: " + bound.cause().getMessage(),
                    bound.cause());
        }
        this.listener = bound.channel();
        this.port = ((InetSocketAddress) listener.localAddress()).getPort();
    }

    private ChannelHandler initializer(Consumer<Channel> pipeline) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                accepted.add(channel);
                pipeline.accept(channel);
            }
        };
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    int port() {
        return port;
    }

    /** Refuses connections for a while. Those that were made before live on. Event loop only. */
    void refuseFor(Duration duration) {
        refusals++;
        if (refusals == 1 && !closed) {
            listener.close().addListener(_ -> hold());
        }
        var _ = group.schedule(this::reopen, duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Bound but not listening: the system refuses for us, and gives the port to nobody else. */
    private void hold() {
        try {
            Socket bound = new Socket();
            bound.setReuseAddress(true);
            bound.bind(address(port));
            holder = bound;
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " can't be held", e);
        }
    }

    private void reopen() {
        refusals--;
        if (refusals == 0 && !closed) {
            listen();
        }
    }

    private void listen() {
        var _ =
                bootstrap
                        .bind(address(port))
                        .addListener((ChannelFuture bound) -> {
                            if (bound.isSuccess()) {
                                listener = bound.channel();
                                letGo();
                            } else if (!closed) {
                                var _ =
                                        group.schedule(
                                                this::listen, RETRY_MILLIS, TimeUnit.MILLISECONDS);
                            }
                        });
    }

    private void letGo() {
        Socket held = holder;
        holder = null;
        if (held != null) {
            try {
                held.close();
            } catch (IOException e) {
                throw new UncheckedIOException("port " + port + " can't be let go", e);
            }
        }
    }

    /** Closes the port and all that was accepted. Event loop only. */
    void close() {
        closed = true;
        letGo();
        var _ = listener.close();
        var _ = accepted.close();
    }
}
