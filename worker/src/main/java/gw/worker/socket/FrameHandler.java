package gw.worker.socket;

import gw.worker.codec.CodecException;
import gw.worker.codec.PayloadDecoder;
import gw.worker.codec.PayloadSink;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

/** Makes the upgrade, then turns frames into payloads. One per connection. */
final class FrameHandler extends ChannelInboundHandlerAdapter {
    private final GatewaySocket socket;
    private final QuietHandshaker handshaker;
    private final PayloadDecoder decoder;
    private final PayloadSink sink;
    private final SocketListener listener;
    private final MessageBuffer shared;
    private final MessageBuffer fragments = new MessageBuffer();
    private final int maxMessageBytes;
    private final Duration upgradeTimeout;
    private boolean fragmentsAreBinary;
    private boolean inFragments;
    private @Nullable ScheduledFuture<?> upgradeDeadline;

    FrameHandler(
            GatewaySocket socket,
            QuietHandshaker handshaker,
            PayloadDecoder decoder,
            SocketListener listener,
            MessageBuffer shared,
            int maxMessageBytes,
            Duration upgradeTimeout) {
        this.socket = socket;
        this.handshaker = handshaker;
        this.decoder = decoder;
        this.listener = listener;
        this.shared = shared;
        this.maxMessageBytes = maxMessageBytes;
        this.upgradeTimeout = upgradeTimeout;
        this.sink =
                (bytes, offset, length) -> {
                    if (socket.live()) {
                        listener.payload(bytes, offset, length);
                    }
                };
    }

    /** TCP, and TLS where it is spoken, are done. */
    void upgrade(ChannelHandlerContext ctx) {
        upgradeDeadline =
                ctx.executor()
                        .schedule(
                                () ->
                                        socket.fail(
                                                failed("no answer to the upgrade", upgradeTimeout)),
                                upgradeTimeout.toMillis(),
                                TimeUnit.MILLISECONDS);
        ChannelFuture _ = handshaker.handshake(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof WebSocketFrame frame) {
                frame(ctx, frame);
            } else if (message instanceof FullHttpResponse response
                    && !handshaker.isHandshakeComplete()) {
                finishUpgrade(ctx, response);
            }
        } catch (CodecException e) {
            socket.fail(new SocketClose(SocketClose.Cause.PROTOCOL, 0, words(e)));
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void finishUpgrade(ChannelHandlerContext ctx, FullHttpResponse response) {
        if (upgradeDeadline != null) {
            var _ = upgradeDeadline.cancel(false);
        }
        try {
            handshaker.finishHandshake(ctx.channel(), response);
        } catch (WebSocketHandshakeException e) {
            socket.fail(
                    new SocketClose(
                            SocketClose.Cause.CONNECT_FAILED,
                            0,
                            "upgrade refused: HTTP " + response.status().code()));
            return;
        }
        socket.upgraded();
    }

    private void frame(ChannelHandlerContext ctx, WebSocketFrame frame) throws CodecException {
        switch (frame) {
            case TextWebSocketFrame text -> data(text, false);
            case BinaryWebSocketFrame binary -> data(binary, true);
            case ContinuationWebSocketFrame more -> continuation(more);
            case PingWebSocketFrame ping -> {
                var _ = ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            }
            case CloseWebSocketFrame close -> remoteClose(ctx, close);
            default -> {
                // A pong that nobody asked for.
            }
        }
    }

    private void data(WebSocketFrame frame, boolean binary) throws CodecException {
        if (inFragments) {
            throwAway("a new message before the last fragment of another");
            return;
        }
        if (!frame.isFinalFragment()) {
            inFragments = true;
            fragmentsAreBinary = binary;
            gather(frame);
            return;
        }
        ByteBuf content = frame.content();
        if (content.hasArray()) {
            decoder.message(
                    binary,
                    content.array(),
                    content.arrayOffset() + content.readerIndex(),
                    content.readableBytes(),
                    sink);
            return;
        }
        try {
            if (shared.append(content, maxMessageBytes)) {
                decoder.message(binary, shared.array(), 0, shared.length(), sink);
            } else {
                tooLarge();
            }
        } finally {
            shared.clear();
        }
    }

    private void continuation(WebSocketFrame frame) throws CodecException {
        if (!inFragments) {
            throwAway("a fragment without a message");
            return;
        }
        if (gather(frame) && frame.isFinalFragment()) {
            inFragments = false;
            try {
                decoder.message(fragmentsAreBinary, fragments.array(), 0, fragments.length(), sink);
            } finally {
                fragments.clear();
            }
        }
    }

    private boolean gather(WebSocketFrame frame) {
        if (fragments.append(frame.content(), maxMessageBytes)) {
            return true;
        }
        tooLarge();
        return false;
    }

    private void tooLarge() {
        throwAway("message is larger than " + maxMessageBytes + " bytes");
    }

    private void throwAway(String what) {
        socket.fail(new SocketClose(SocketClose.Cause.PROTOCOL, 0, what));
    }

    private void remoteClose(ChannelHandlerContext ctx, CloseWebSocketFrame close) {
        int code = close.statusCode() < 0 ? 1005 : close.statusCode();
        String reason = close.reasonText();
        if (socket.live()) {
            // The echo that RFC 6455 asks for; the session's fate was decided by the code received.
            var _ = ctx.writeAndFlush(close.retainedDuplicate());
        }
        socket.remoteClose(code, reason == null ? "" : reason);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (socket.live()) {
            listener.readComplete();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        socket.disconnected();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (upgradeDeadline != null) {
            var _ = upgradeDeadline.cancel(false);
        }
        decoder.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        SocketClose.Cause kind =
                !handshaker.isHandshakeComplete()
                        ? SocketClose.Cause.CONNECT_FAILED
                        : cause instanceof IOException && !(cause instanceof SSLException)
                                ? SocketClose.Cause.TRANSPORT
                                : SocketClose.Cause.PROTOCOL;
        socket.fail(new SocketClose(kind, 0, words(cause)));
    }

    static SocketClose failed(String what, Duration timeout) {
        return new SocketClose(
                SocketClose.Cause.CONNECT_FAILED,
                0,
                what + " within " + timeout.toMillis() + " ms");
    }

    static String words(Throwable cause) {
        Throwable inner =
                cause instanceof DecoderException
                                && !(cause instanceof CorruptedFrameException)
                                && cause.getCause() != null
                        ? cause.getCause()
                        : cause;
        String message = inner.getMessage();
        return message == null || message.isBlank()
                ? inner.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
