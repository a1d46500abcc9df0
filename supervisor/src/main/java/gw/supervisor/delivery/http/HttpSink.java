package gw.supervisor.delivery.http;

import gw.record.RecordView;
import gw.supervisor.delivery.Deferrals;
import gw.supervisor.delivery.DeliveryResult;
import gw.supervisor.delivery.DeliverySink;
import gw.supervisor.delivery.Parcel;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import javax.net.ssl.TrustManagerFactory;

/**
 * POSTs events over kept-alive HTTP/1.1 connections, one request on each at a time. There are as
 * many connections as the delivery has tries under way. Owned by the event loop.
 */
public final class HttpSink implements DeliverySink {
    private static final long SWEEP_MILLIS = 100;

    private final EventLoop loop;
    private final ChannelFactory<? extends Channel> channels;
    private final HttpSinkSettings settings;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Deferrals deferrals;
    private final Target target;
    private final RequestEncoder encoder;
    private final @Nullable SslContext tls;
    private final RecordView view = new RecordView();
    private final ArrayDeque<Exchange> idle = new ArrayDeque<>();
    private final Set<Exchange> open = new LinkedHashSet<>();
    private @Nullable ScheduledFuture<?> sweeper;
    private boolean closed;

    /**
     * A sink without connections.
     *
     * @param channels makes TCP channels that fit the loop
     * @param nanos monotonic
     * @throws IllegalArgumentException "url: ..." when nothing can be POSTed to it
     */
    public HttpSink(
            EventLoop loop,
            ChannelFactory<? extends Channel> channels,
            HttpSinkSettings settings,
            InstantSource clock,
            LongSupplier nanos) {
        this(loop, channels, settings, clock, nanos, Deferrals.NONE);
    }

    /** One that tells the bot which interactions were answered in its place. */
    public HttpSink(
            EventLoop loop,
            ChannelFactory<? extends Channel> channels,
            HttpSinkSettings settings,
            InstantSource clock,
            LongSupplier nanos,
            Deferrals deferrals) {
        this(loop, channels, settings, clock, nanos, deferrals, null);
    }

    /**
     * A sink that trusts whom the caller trusts.
     *
     * @param trust who vouches for an https bot; null: the authorities that the JDK trusts
     */
    HttpSink(
            EventLoop loop,
            ChannelFactory<? extends Channel> channels,
            HttpSinkSettings settings,
            InstantSource clock,
            LongSupplier nanos,
            @Nullable TrustManagerFactory trust) {
        this(loop, channels, settings, clock, nanos, Deferrals.NONE, trust);
    }

    private HttpSink(
            EventLoop loop,
            ChannelFactory<? extends Channel> channels,
            HttpSinkSettings settings,
            InstantSource clock,
            LongSupplier nanos,
            Deferrals deferrals,
            @Nullable TrustManagerFactory trust) {
        this.loop = loop;
        this.channels = channels;
        this.settings = settings;
        this.clock = clock;
        this.nanos = nanos;
        this.deferrals = deferrals;
        this.target = Target.of(settings.url());
        this.encoder = new RequestEncoder(target, settings);
        this.tls = target.secure() ? DeliveryTls.client(trust) : null;
    }

    @Override
    public void send(Parcel parcel) {
        Exchange free = idle.pollLast();
        if (free == null) {
            connect(parcel);
            return;
        }
        try {
            free.start(parcel, deadline());
        } catch (RuntimeException e) {
            idle(free);
            throw e;
        }
    }

    void connect(Parcel parcel) {
        Thread _ =
                Thread.ofVirtual()
                        .name("gw-dns")
                        .start(() -> {
                            // The JDK's resolver blocks: not on the event loop.
                            try {
                                InetAddress address = InetAddress.getByName(target.host());
                                loop.execute(() -> open(address, parcel));
                            } catch (UnknownHostException e) {
                                loop.execute(
                                        () -> unreachable(parcel, "unknown host " + target.host()));
                            }
                        });
    }

    private void open(InetAddress address, Parcel parcel) {
        if (closed) {
            return;
        }
        Exchange exchange = new Exchange(this);
        ChannelFuture connecting =
                new Bootstrap()
                        .group(loop)
                        .channelFactory(channels)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) settings.connectTimeout().toMillis())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .handler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        if (tls != null) {
                                            SslHandler handler =
                                                    tls.newHandler(
                                                            channel.alloc(),
                                                            target.host(),
                                                            target.port());
                                            handler.setHandshakeTimeoutMillis(
                                                    settings.connectTimeout().toMillis());
                                            channel.pipeline().addLast(handler);
                                        }
                                        channel.pipeline()
                                                .addLast(new PlainAnswer(exchange))
                                                .addLast(new HttpResponseDecoder())
                                                .addLast(exchange);
                                    }
                                })
                        .connect(new InetSocketAddress(address, target.port()));
        var _ =
                connecting.addListener(done -> {
                    if (!done.isSuccess()) {
                        unreachable(parcel, words(done.cause()));
                        return;
                    }
                    SslHandler handler = connecting.channel().pipeline().get(SslHandler.class);
                    if (handler == null) {
                        begin(connecting.channel(), exchange, parcel);
                        return;
                    }
                    var _ =
                            handler.handshakeFuture()
                                    .addListener(shaken -> {
                                        if (shaken.isSuccess()) {
                                            begin(connecting.channel(), exchange, parcel);
                                        } else {
                                            unreachable(
                                                    parcel,
                                                    DeliveryTls.refusal(
                                                            shaken.cause(),
                                                            target.host(),
                                                            settings.connectTimeout()));
                                        }
                                    });
                });
    }

    private void begin(Channel channel, Exchange exchange, Parcel parcel) {
        ChannelHandlerContext context = channel.pipeline().context(exchange);
        if (closed || context == null) {
            var _ = channel.close();
            unreachable(parcel, "the connection closed at once");
            return;
        }
        open.add(exchange);
        exchange.opened(context);
        if (sweeper == null) {
            sweeper =
                    loop.scheduleAtFixedRate(
                            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        }
        try {
            exchange.start(parcel, deadline());
        } catch (RuntimeException e) {
            idle(exchange);
            parcel.result(
                    new DeliveryResult.Retry(
                            DeliveryResult.Kind.FAILED,
                            "it could not be sent: " + e,
                            Optional.empty()));
        }
    }

    private void unreachable(Parcel parcel, String why) {
        if (!closed) {
            parcel.result(
                    new DeliveryResult.Retry(
                            DeliveryResult.Kind.UNREACHABLE,
                            why + " (" + target() + ")",
                            Optional.empty()));
        }
    }

    ByteBuf encode(ByteBufAllocator allocator, Parcel parcel) {
        if (settings.batched()) {
            return encoder.encode(allocator, parcel, view, deferrals);
        }
        parcel.entry(0).view(view);
        return encoder.encode(allocator, view, parcel.attempt(), deferrals.callbackType(view));
    }

    InstantSource clock() {
        return clock;
    }

    void idle(Exchange exchange) {
        idle.addLast(exchange);
    }

    void gone(Exchange exchange) {
        open.remove(exchange);
        idle.remove(exchange);
        if (open.isEmpty() && sweeper != null) {
            var _ = sweeper.cancel(false);
            sweeper = null;
        }
    }

    private long deadline() {
        return nanos.getAsLong() + settings.timeout().toNanos();
    }

    private void sweep() {
        long now = nanos.getAsLong();
        // Hardly ever is there one: a copy of all would be garbage ten times a second.
        List<Exchange> late = new ArrayList<>();
        for (Exchange exchange : open) {
            if (exchange.busy() && now - exchange.deadlineNanos() >= 0) {
                late.add(exchange);
            }
        }
        for (Exchange exchange : late) {
            if (exchange.busy()) {
                try {
                    exchange.timedOut("no answer within " + settings.timeout().toMillis() + " ms");
                } catch (RuntimeException e) {
                    // A sweeper that throws would never run again, and nothing time out any more.
                    System.err.println("gw: unexpected, please report it: " + e);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Set.copyOf(open).forEach(Exchange::close);
        open.clear();
        idle.clear();
        if (sweeper != null) {
            var _ = sweeper.cancel(false);
        }
    }

    @Override
    public String target() {
        return target.display();
    }

    static String words(Throwable cause) {
        Throwable inner =
                cause instanceof DecoderException && cause.getCause() != null
                        ? cause.getCause()
                        : cause;
        if (inner instanceof ConnectException) {
            return "connection refused";
        }
        String message = inner.getMessage();
        return message == null || message.isBlank()
                ? inner.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
