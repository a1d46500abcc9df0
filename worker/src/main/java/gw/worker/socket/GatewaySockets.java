package gw.worker.socket;

import gw.model.TransportCompression;
import gw.worker.codec.PayloadBuffer;
import gw.worker.codec.PayloadDecoder;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Opens connections to Discord's gateway on one event loop. */
public final class GatewaySockets {
    private static final int MAX_UPGRADE_BYTES = 16 * 1024;
    private static final int READ_BYTES = 64 * 1024;
    private static final int READS_PER_TURN = 2;

    private final Transport transport;
    private final EventLoop loop;
    private final Duration stepTimeout;
    private final int maxMessageBytes;
    private final LongConsumer socketBytes;
    private final PayloadBuffer payloads;
    private final MessageBuffer messages = new MessageBuffer();
    private final Supplier<SslContext> tlsOnDemand;
    private @Nullable SslContext tls;

    /**
     * Connections of one worker.
     *
     * @param transport what {@code loop} is driven by
     * @param loop runs all of them
     * @param stepTimeout bound on each of DNS, TCP, TLS and the upgrade
     * @param maxMessageBytes largest message, before and after decompression; a larger one ends the
     *     connection
     * @param socketBytes told how many bytes came in, without TLS's own
     */
    public GatewaySockets(
            Transport transport,
            EventLoop loop,
            Duration stepTimeout,
            long maxMessageBytes,
            LongConsumer socketBytes) {
        this(
                transport,
                loop,
                stepTimeout,
                maxMessageBytes,
                socketBytes,
                GatewayTls::trustedByTheJdk);
    }

    /**
     * Connections that trust whom the caller trusts.
     *
     * @param tls for {@code wss://}; verifies the host name. Asked once, on the event loop, when
     *     the first such address is dialled: with it come some hundred classes and the authorities
     */
    GatewaySockets(
            Transport transport,
            EventLoop loop,
            Duration stepTimeout,
            long maxMessageBytes,
            LongConsumer socketBytes,
            Supplier<SslContext> tls) {
        this.transport = transport;
        this.loop = loop;
        this.stepTimeout = stepTimeout;
        this.maxMessageBytes = (int) Math.min(maxMessageBytes, Integer.MAX_VALUE - 16);
        this.socketBytes = socketBytes;
        this.payloads = new PayloadBuffer(maxMessageBytes);
        this.tlsOnDemand = tls;
    }

    /**
     * Starts to connect; the outcome comes to the listener, never within this call. On the event
     * loop.
     *
     * @param url {@code ws://} or {@code wss://} as Discord gave it; version, encoding and
     *     compression are put into its query here
     * @param apiVersion for the {@code v} parameter
     */
    public GatewaySocket connect(
            String url, int apiVersion, TransportCompression compression, SocketListener listener) {
        GatewaySocket socket = new GatewaySocket(loop, listener);
        GatewayUrl target;
        try {
            target = GatewayUrl.of(url, apiVersion, compression);
            if (target.secure()) {
                var _ = tls();
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            socket.fail(connectFailed(String.valueOf(e.getMessage())));
            return socket;
        }
        resolve(target, socket, compression, listener);
        return socket;
    }

    private SslContext tls() {
        if (tls == null) {
            tls = tlsOnDemand.get();
        }
        return tls;
    }

    private void resolve(
            GatewayUrl target,
            GatewaySocket socket,
            TransportCompression compression,
            SocketListener listener) {
        var deadline =
                loop.schedule(
                        () ->
                                socket.fail(
                                        FrameHandler.failed(
                                                "no address for " + target.host(), stepTimeout)),
                        stepTimeout.toMillis(),
                        TimeUnit.MILLISECONDS);
        // The JDK's resolver blocks, and a hanging one must not hang the loop.
        Thread _ =
                Thread.ofVirtual()
                        .name("gw-dns")
                        .start(() -> {
                            try {
                                InetAddress address = InetAddress.getByName(target.host());
                                loop.execute(() -> {
                                    var _ = deadline.cancel(false);
                                    open(target, address, socket, compression, listener);
                                });
                            } catch (UnknownHostException e) {
                                loop.execute(() -> {
                                    var _ = deadline.cancel(false);
                                    socket.fail(connectFailed("unknown host " + target.host()));
                                });
                            }
                        });
    }

    private void open(
            GatewayUrl target,
            InetAddress address,
            GatewaySocket socket,
            TransportCompression compression,
            SocketListener listener) {
        if (socket.over()) {
            return;
        }
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channel(transport.tcpChannel())
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) Math.min(Integer.MAX_VALUE, stepTimeout.toMillis()))
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.RECVBUF_ALLOCATOR, reads())
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        pipeline(channel, target, socket, compression, listener);
                                    }
                                })
                        .connect(new InetSocketAddress(address, target.port()));
        if (!socket.connected(connecting.channel())) {
            var _ = connecting.channel().close();
        }
        var _ =
                connecting.addListener(done -> {
                    if (!done.isSuccess()) {
                        socket.fail(connectFailed(FrameHandler.words(done.cause())));
                    }
                });
    }

    /**
     * What one turn of the loop may take from one socket. The decoders join what a turn brings into
     * one buffer, and keep its capacity while half a record waits in it: with Netty's megabyte a
     * turn, 25 full sockets would need 100 MB (P7).
     */
    private static RecvByteBufAllocator reads() {
        return new AdaptiveRecvByteBufAllocator(512, 4 * 1024, READ_BYTES)
                .maxMessagesPerRead(READS_PER_TURN);
    }

    private void pipeline(
            Channel channel,
            GatewayUrl target,
            GatewaySocket socket,
            TransportCompression compression,
            SocketListener listener) {
        FrameHandler frames =
                new FrameHandler(
                        socket,
                        new QuietHandshaker(target.uri(), maxMessageBytes),
                        PayloadDecoder.create(compression, payloads, maxMessageBytes),
                        listener,
                        messages,
                        maxMessageBytes,
                        stepTimeout);
        if (target.secure()) {
            SslHandler handler = tls().newHandler(channel.alloc(), target.host(), target.port());
            handler.setHandshakeTimeoutMillis(stepTimeout.toMillis());
            channel.pipeline().addLast(handler);
        }
        channel.pipeline()
                .addLast(new ByteCounter(socket, listener))
                .addLast(new HttpClientCodec(4096, MAX_UPGRADE_BYTES, 8192))
                .addLast(new HttpObjectAggregator(MAX_UPGRADE_BYTES))
                .addLast(frames);
        SslHandler secured = channel.pipeline().get(SslHandler.class);
        if (secured != null) {
            var _ =
                    secured.handshakeFuture()
                            .addListener(done -> {
                                if (done.isSuccess()) {
                                    startUpgrade(channel, frames);
                                } else {
                                    socket.fail(
                                            GatewayTls.refusal(
                                                    done.cause(), target.host(), stepTimeout));
                                }
                            });
        } else {
            channel.pipeline()
                    .addLast(
                            new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelActive(ChannelHandlerContext ctx) {
                                    startUpgrade(channel, frames);
                                }
                            });
        }
    }

    private static void startUpgrade(Channel channel, FrameHandler frames) {
        ChannelHandlerContext context = channel.pipeline().context(frames);
        if (context != null) {
            frames.upgrade(context);
        }
    }

    private static SocketClose connectFailed(String why) {
        return new SocketClose(SocketClose.Cause.CONNECT_FAILED, 0, why);
    }

    /** Counts what came in, and tells that something did. */
    private final class ByteCounter extends ChannelInboundHandlerAdapter {
        private final GatewaySocket socket;
        private final SocketListener listener;

        private ByteCounter(GatewaySocket socket, SocketListener listener) {
            this.socket = socket;
            this.listener = listener;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof ByteBuf bytes) {
                socketBytes.accept(bytes.readableBytes());
                if (socket.live()) {
                    listener.inbound();
                }
            }
            ctx.fireChannelRead(message);
        }
    }
}
