package gw.supervisor.delivery.http;

import gw.supervisor.delivery.DeliveryResult;
import gw.supervisor.delivery.Parcel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** One connection: one request at a time. Owned by the event loop. */
final class Exchange extends ChannelInboundHandlerAdapter {
    private static final long MAX_BODY_BYTES = 1024 * 1024;

    private final HttpSink sink;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Parcel parcel;
    private @Nullable DeliveryResult answer;
    private long deadlineNanos;
    private long bodyBytes;
    private boolean keepAlive;
    private boolean used;
    private boolean heard;
    private long answers;

    Exchange(HttpSink sink) {
        this.sink = sink;
    }

    void opened(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Sends it; when it throws, for the events can't be read, nothing has begun. */
    void start(Parcel newParcel, long newDeadline) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("the connection was not opened");
        }
        ByteBuf request = sink.encode(ctx.alloc(), newParcel);
        parcel = newParcel;
        deadlineNanos = newDeadline;
        answer = null;
        bodyBytes = 0;
        heard = false;
        var _ = ctx.writeAndFlush(request, ctx.voidPromise());
    }

    /** How many the decoder has brought to their end. */
    long answers() {
        return answers;
    }

    boolean busy() {
        return parcel != null;
    }

    /** The bot took it, and the connection goes on. */
    void delivered() {
        Parcel to = parcel;
        parcel = null;
        used = true;
        sink.idle(this);
        if (to != null) {
            to.result(Answers.DELIVERED);
        }
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    void timedOut(String words) {
        fail(new DeliveryResult.Retry(DeliveryResult.Kind.FAILED, words, Optional.empty()));
    }

    void close() {
        parcel = null;
        if (context != null) {
            var _ = context.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (parcel == null) {
                // Nobody asked: not a connection to go on with.
                var _ = ctx.close();
                return;
            }
            heard = true;
            if (message instanceof HttpResponse response) {
                if (response.decoderResult().isFailure()) {
                    garbled();
                    return;
                }
                if (response.status().code() < 200) {
                    return;
                }
                keepAlive = HttpUtil.isKeepAlive(response);
                answer = Answers.of(response, sink.clock());
            }
            if (message instanceof HttpContent content) {
                if (content.decoderResult().isFailure()) {
                    garbled();
                    return;
                }
                bodyBytes += content.content().readableBytes();
                if (answer != null && message instanceof LastHttpContent) {
                    finish(ctx, answer);
                } else if (answer != null && bodyBytes > MAX_BODY_BYTES) {
                    // The status is known; nobody reads the rest.
                    keepAlive = false;
                    finish(ctx, answer);
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void finish(ChannelHandlerContext ctx, DeliveryResult result) {
        Parcel to = parcel;
        parcel = null;
        used = true;
        answers++;
        if (keepAlive) {
            sink.idle(this);
        } else {
            sink.gone(this);
            var _ = ctx.close();
        }
        if (to != null) {
            to.result(result);
        }
    }

    private void garbled() {
        fail(
                new DeliveryResult.Retry(
                        DeliveryResult.Kind.FAILED, "the answer is no HTTP", Optional.empty()));
    }

    private void fail(DeliveryResult result) {
        Parcel to = parcel;
        parcel = null;
        sink.gone(this);
        if (context != null) {
            var _ = context.close();
        }
        if (to != null) {
            to.result(result);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lost("the bot closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lost(HttpSink.words(cause));
    }

    private void lost(String why) {
        Parcel to = parcel;
        if (to != null && used && !heard) {
            // An idle connection that the bot had closed meanwhile: no failure of the bot's.
            parcel = null;
            sink.gone(this);
            if (context != null) {
                var _ = context.close();
            }
            sink.connect(to);
            return;
        }
        // The bot was there and broke off: over this event, for all we know.
        fail(new DeliveryResult.Retry(DeliveryResult.Kind.FAILED, why, Optional.empty()));
    }
}
