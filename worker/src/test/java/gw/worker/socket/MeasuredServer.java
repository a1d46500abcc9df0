package gw.worker.socket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSession;

/**
 * The other side of {@link TlsProviderMeasurement}: a gateway that sends events of one size at one
 * rate, spread over its connections, each in a TLS record of its own. Its own cost isn't measured.
 */
final class MeasuredServer {
    private static final long TICK_MICROS = 1_000;
    private static final int MOST_PER_TICK = 2_000;
    private static final int MOST_PENDING_BYTES = 512 * 1024;

    private final List<ChannelHandlerContext> clients = new ArrayList<>();
    private int next;
    private boolean said;

    private MeasuredServer() {}

    /**
     * Serves until its input ends. Arguments: the directory with the keys, and the provider or
     * "plain".
     */
    static void run(String directory, String provider)
            throws IOException, InterruptedException, GeneralSecurityException {
        SslContext tls =
                provider.equals("plain")
                        ? null
                        : SslContextBuilder.forServer(
                                        TestCertificates.open(Path.of(directory)).keys("server"))
                                .sslProvider(SslProvider.valueOf(provider))
                                .protocols("TLSv1.3")
                                .ciphers(List.of("TLS_AES_128_GCM_SHA256"))
                                .build();
        var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        MeasuredServer server = new MeasuredServer();
        Channel listening =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(
                                        MOST_PENDING_BYTES / 2, MOST_PENDING_BYTES))
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        server.accept(channel, tls);
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .sync()
                        .channel();
        String port = listening.localAddress().toString().replaceAll(".*:", "");
        System.out.println("port " + port);
        while (System.in.read() >= 0) {
            // The measurement says nothing; its end ends this process.
        }
    }

    private void accept(Channel channel, @Nullable SslContext tls) {
        if (tls != null) {
            SslHandler handler = tls.newHandler(channel.alloc());
            // Events are records of their own, also when many go out at once.
            handler.setWrapDataSize(-1);
            channel.pipeline().addLast(handler);
        }
        channel.pipeline()
                .addLast("raw", new ChannelInboundHandlerAdapter())
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(8192))
                .addLast(new WebSocketServerProtocolHandler("/", null, false, 65536, false, true))
                .addLast(
                        new SimpleChannelInboundHandler<TextWebSocketFrame>() {
                            @Override
                            protected void channelRead0(
                                    ChannelHandlerContext ctx, TextWebSocketFrame order) {
                                String[] words = order.text().split(" ", -1);
                                flow(
                                        ctx.channel().eventLoop(),
                                        Integer.parseInt(words[0]),
                                        Integer.parseInt(words[1]),
                                        Integer.parseInt(words[2]));
                            }

                            @Override
                            public void userEventTriggered(
                                    ChannelHandlerContext ctx, Object event) {
                                opened(ctx.channel(), event);
                            }

                            @Override
                            public void channelInactive(ChannelHandlerContext ctx) {
                                clients.removeIf(client -> client.channel().equals(ctx.channel()));
                            }

                            @Override
                            public void exceptionCaught(
                                    ChannelHandlerContext ctx, Throwable cause) {
                                var _ = ctx.close();
                            }
                        });
    }

    private void opened(Channel channel, Object event) {
        if (event instanceof SslHandshakeCompletionEvent shaken && shaken.isSuccess() && !said) {
            said = true;
            SSLSession session = channel.pipeline().get(SslHandler.class).engine().getSession();
            System.err.println(session.getProtocol() + " " + session.getCipherSuite());
        }
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
            clients.add(channel.pipeline().context("raw"));
        }
    }

    /** Sends so many events of this size; rate 0: as fast as the client takes them. */
    private void flow(EventLoop loop, int bytes, int perSecond, int count) {
        ByteBuf frame =
                Unpooled.directBuffer()
                        .writeBytes(
                                RawGateway.encode(
                                        true,
                                        1,
                                        "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII)));
        tick(loop, frame, perSecond, count, 0, System.nanoTime());
    }

    private void tick(
            EventLoop loop, ByteBuf frame, int perSecond, int count, int before, long start) {
        int sent = before;
        long elapsed = System.nanoTime() - start;
        long due =
                perSecond == 0
                        ? before + MOST_PER_TICK
                        : elapsed * perSecond / TimeUnit.SECONDS.toNanos(1);
        int misses = 0;
        while (sent < Math.min(due, count) && misses < clients.size()) {
            ChannelHandlerContext client = clients.get(next++ % clients.size());
            if (!client.channel().isWritable()) {
                misses++;
                continue;
            }
            var _ = client.write(frame.retainedDuplicate());
            sent++;
        }
        clients.forEach(ChannelHandlerContext::flush);
        if (sent >= count) {
            frame.release();
            return;
        }
        int now = sent;
        var _ =
                loop.schedule(
                        () -> tick(loop, frame, perSecond, count, now, start),
                        TICK_MICROS,
                        TimeUnit.MICROSECONDS);
    }
}
