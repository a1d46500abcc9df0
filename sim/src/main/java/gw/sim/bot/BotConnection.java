package gw.sim.bot;

import gw.sim.ledger.PayloadHash;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One connection to the bot. Owned by the event loop. */
final class BotConnection extends ChannelInboundHandlerAdapter {
    /** What gw says itself begins so; no event of Discord's does. */
    private static final String OF_GW = "GW_";

    private static final String GAP = "GW_GAP";
    private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;
    private static final int KEPT_BODY_BYTES = 256 * 1024;

    private final CountingBot bot;
    private final Inbox inbox;
    private final RequestScan scan = new RequestScan();
    private byte[] body = new byte[4 * 1024];
    private int length;
    private boolean tooLarge;
    private @Nullable HttpRequest request;

    BotConnection(CountingBot bot, Inbox inbox) {
        this.bot = bot;
        this.inbox = inbox;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        bot.opened(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof HttpRequest head) {
                begin(ctx, head);
            }
            if (message instanceof HttpContent content && request != null) {
                take(content.content());
                if (message instanceof LastHttpContent) {
                    HttpRequest whole = request;
                    request = null;
                    if (content.decoderResult().isFailure()) {
                        refuse(ctx, whole, SenderFault.BODY, HttpResponseStatus.BAD_REQUEST);
                    } else {
                        handle(ctx, whole);
                    }
                    length = 0;
                    if (body.length > KEPT_BODY_BYTES) {
                        body = new byte[4 * 1024];
                    }
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        if (isReset(head)) {
            inbox.requested();
            request = null;
            reset(ctx);
            return;
        }
        request = head;
        length = 0;
        tooLarge = false;
        if (HttpUtil.is100ContinueExpected(head)) {
            var _ =
                    ctx.writeAndFlush(
                            new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1,
                                    HttpResponseStatus.CONTINUE,
                                    Unpooled.EMPTY_BUFFER));
        }
    }

    /** Asked before the body is there, so that the reset comes in the middle of the request. */
    private boolean isReset(HttpRequest head) {
        BotAnswer answer = bot.answerNow();
        if (answer instanceof BotAnswer.Ok) {
            return false;
        }
        if (answer instanceof BotAnswer.Reset) {
            return HeadScan.isBatch(head.headers()) || HeadScan.read(head.headers()).isPresent();
        }
        return HeadScan.read(head.headers())
                .filter(event -> answer.to(List.of(event)) instanceof BotAnswer.Reset)
                .isPresent();
    }

    private static void reset(ChannelHandlerContext ctx) {
        var _ = ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        var _ = ctx.close();
    }

    private void take(ByteBuf part) {
        int more = part.readableBytes();
        if (length + more > MAX_BODY_BYTES) {
            tooLarge = true;
            return;
        }
        if (length + more > body.length) {
            body = Arrays.copyOf(body, Math.max(length + more, body.length * 2));
        }
        part.readBytes(body, length, more);
        length += more;
    }

    private void handle(ChannelHandlerContext ctx, HttpRequest whole) {
        inbox.requested();
        if (!whole.method().equals(HttpMethod.POST)) {
            refuse(ctx, whole, SenderFault.METHOD, HttpResponseStatus.METHOD_NOT_ALLOWED);
            return;
        }
        if (!authorized(whole.headers())) {
            refuse(ctx, whole, SenderFault.SECRET, HttpResponseStatus.UNAUTHORIZED);
            return;
        }
        CharSequence mimeType = HttpUtil.getMimeType(whole);
        if (mimeType == null || !"application/json".contentEquals(mimeType)) {
            refuse(ctx, whole, SenderFault.CONTENT_TYPE, HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE);
            return;
        }
        Optional<SenderFault> fault = scan.read(whole.headers(), body, tooLarge ? 0 : length);
        if (fault.isPresent()) {
            refuse(ctx, whole, fault.get(), HttpResponseStatus.BAD_REQUEST);
        } else {
            List<Delivery> deliveries = scan.deliveries();
            answer(
                    ctx,
                    whole,
                    deliveries.stream().map(Delivery::head).toList(),
                    settlement(deliveries));
        }
    }

    private boolean authorized(HttpHeaders headers) {
        byte[] expected = bot.expectedSecret();
        if (expected.length == 0) {
            return true;
        }
        String given = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        return MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));
    }

    /** What is kept when the bot says 2xx. */
    private Runnable settlement(List<Delivery> deliveries) {
        List<ReceivedEvent> events = new ArrayList<>(deliveries.size());
        List<ReceivedGap> gaps = new ArrayList<>(0);
        List<ReceivedNotice> notices = new ArrayList<>(0);
        long order = inbox.places(deliveries.size());
        long now = bot.nanos();
        for (Delivery delivery : deliveries) {
            if (delivery.head().name().equals(GAP)) {
                gaps.add(gap(delivery, order));
            } else if (delivery.head().name().startsWith(OF_GW)) {
                notices.add(notice(delivery, order));
            } else {
                events.add(event(delivery, order, now));
            }
            order++;
        }
        return () -> inbox.settled(events, gaps, notices);
    }

    private ReceivedGap gap(Delivery delivery, long order) {
        EventHead head = delivery.head();
        return new ReceivedGap(
                head.id(), head.shardId(), head.shardCount(), order, payload(delivery));
    }

    private ReceivedNotice notice(Delivery delivery, long order) {
        EventHead head = delivery.head();
        return new ReceivedNotice(
                head.id(),
                head.name(),
                head.shardId(),
                head.shardCount(),
                order,
                payload(delivery));
    }

    private String payload(Delivery delivery) {
        int length = delivery.to() - delivery.from();
        return new String(body, delivery.from(), length, StandardCharsets.UTF_8);
    }

    private ReceivedEvent event(Delivery delivery, long order, long now) {
        EventHead head = delivery.head();
        String id = head.id();
        return new ReceivedEvent(
                inbox.shared(id.substring(0, id.lastIndexOf(':'))),
                HeadScan.sequence(id),
                inbox.shared(head.name()),
                head.shardId(),
                head.shardCount(),
                order,
                PayloadHash.of(body, delivery.from(), delivery.to() - delivery.from()),
                now);
    }

    private void answer(
            ChannelHandlerContext ctx, HttpRequest whole, List<EventHead> events, Runnable settle) {
        boolean keepAlive = HttpUtil.isKeepAlive(whole);
        switch (bot.answerNow().to(events)) {
            case BotAnswer.Ok _ -> {
                settle.run();
                write(ctx, HttpResponseStatus.OK, keepAlive, Optional.empty());
            }
            case BotAnswer.Status(int code, Optional<Duration> retryAfter) -> {
                if (code < 300) {
                    settle.run();
                }
                write(ctx, HttpResponseStatus.valueOf(code), keepAlive, retryAfter);
            }
            case BotAnswer.Delay(Duration duration) -> {
                var _ =
                        ctx.executor()
                                .schedule(
                                        () -> {
                                            if (ctx.channel().isActive()) {
                                                settle.run();
                                                write(
                                                        ctx,
                                                        HttpResponseStatus.OK,
                                                        keepAlive,
                                                        Optional.empty());
                                            }
                                        },
                                        duration.toNanos(),
                                        TimeUnit.NANOSECONDS);
            }
            case BotAnswer.Hang _ -> {
                // Never.
            }
            case BotAnswer.Reset _, BotAnswer.Only _ -> reset(ctx);
        }
    }

    private void refuse(
            ChannelHandlerContext ctx,
            HttpRequest whole,
            SenderFault fault,
            HttpResponseStatus status) {
        inbox.fault(fault);
        write(ctx, status, HttpUtil.isKeepAlive(whole), Optional.empty());
    }

    private static void write(
            ChannelHandlerContext ctx,
            HttpResponseStatus status,
            boolean keepAlive,
            Optional<Duration> retryAfter) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
        retryAfter.ifPresent(wait ->
                response.headers()
                        .set(HttpHeaderNames.RETRY_AFTER, (wait.toMillis() + 999) / 1_000));
        HttpUtil.setKeepAlive(response, keepAlive);
        var written = ctx.writeAndFlush(response);
        if (!keepAlive) {
            var _ = written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }
}
