package gw.sim.bot;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A bot that takes events by HTTP, counts them, and misbehaves on command. It runs on one event
 * loop of its own; its methods may be called from any other thread.
 */
public final class CountingBot implements AutoCloseable {
    /** A bound on what is kept that holds a long run. */
    public static final int DEFAULT_MAX_EVENTS = 2_500_000;

    private final EventLoopGroup group;
    private final Class<? extends ServerChannel> channelType;
    private final ChannelGroup connections;
    private final Inbox inbox;
    private final byte[] expectedSecret;
    private final LongSupplier nanos;
    private volatile BotAnswer answer = new BotAnswer.Ok();
    private volatile boolean down;
    private int port;
    private @Nullable Channel server;
    private @Nullable Socket holder;

    private CountingBot(Optional<String> secret, int maxEvents, LongSupplier nanos) {
        IoHandlerFactory io =
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("sim-bot", true), io);
        this.channelType =
                Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        this.connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        this.inbox = new Inbox(maxEvents);
        this.expectedSecret = secret.orElse("").getBytes(StandardCharsets.UTF_8);
        this.nanos = nanos;
    }

    /**
     * Begins to listen on 127.0.0.1 and answers {@link BotAnswer.Ok}.
     *
     * @param port 0: any free one
     * @param secret what the Authorization header must be; empty: anything goes
     * @param maxEvents most events kept; further ones are settled and counted, not kept
     * @throws IOException when the port is taken
     */
    public static CountingBot start(int port, Optional<String> secret, int maxEvents)
            throws IOException {
        CountingBot bot = new CountingBot(secret, maxEvents, System::nanoTime);
        bot.port = port;
        try {
            bot.up();
        } catch (IOException e) {
            bot.close();
            throw e;
        }
        return bot;
    }

    /** Where it takes events. */
    public synchronized URI url() {
        return URI.create("http://127.0.0.1:" + port + "/events");
    }

    /** How it answers from now on. */
    public void answer(BotAnswer newAnswer) {
        answer = newAnswer;
    }

    /** Drops all connections and refuses new ones, until {@link #up()}. */
    public synchronized void down() {
        if (server != null) {
            stopListening();
            hold();
        }
    }

    private void stopListening() {
        down = true;
        Channel listening = server;
        server = null;
        if (listening != null) {
            var _ = listening.close().syncUninterruptibly();
        }
        var _ = connections.close().syncUninterruptibly();
    }

    /** Bound, not listening: the system refuses for us, and gives the port to nobody else. */
    private void hold() {
        try {
            Socket bound = new Socket();
            holder = bound;
            bound.setReuseAddress(true);
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new UncheckedIOException("port " + port + " can't be held", e);
        }
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

    /**
     * Listens again on the same port; nothing happens when it does already.
     *
     * @throws IOException when someone else has taken the port
     */
    public synchronized void up() throws IOException {
        if (server != null) {
            return;
        }
        var binding =
                new ServerBootstrap()
                        .group(group)
                        .channel(channelType)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, 1_024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        var _ =
                                                channel.pipeline()
                                                        .addLast(new HttpServerCodec())
                                                        .addLast(
                                                                new BotConnection(
                                                                        CountingBot.this, inbox));
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(
                    "port " + port + " on 127.0.0.1: " + binding.cause().getMessage(),
                    binding.cause());
        }
        down = false;
        letGo();
        Channel listening = binding.channel();
        server = listening;
        port = ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** What was settled so far: a copy. */
    public Received received() {
        return inbox.snapshot();
    }

    /** How many deliveries were settled, redeliveries and gaps among them. */
    public long count() {
        return inbox.count();
    }

    /** How many requests came, of one event or of several, whatever became of them. */
    public long requests() {
        return inbox.requests();
    }

    /** Forgets what was received; the answer stays. */
    public void reset() {
        inbox.clear();
    }

    @Override
    public synchronized void close() {
        stopListening();
        letGo();
        var _ = group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }

    BotAnswer answerNow() {
        return answer;
    }

    byte[] expectedSecret() {
        return expectedSecret;
    }

    long nanos() {
        return nanos.getAsLong();
    }

    void opened(Channel channel) {
        connections.add(channel);
        if (down) {
            // It was accepted just before the port was given up.
            var _ = channel.close();
        }
    }
}
