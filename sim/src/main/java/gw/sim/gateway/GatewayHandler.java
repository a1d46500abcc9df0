package gw.sim.gateway;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Frames of one connection in, words for {@link ClientProtocol} out. */
final class GatewayHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final SimConnection connection;
    private final ClientProtocol protocol;

    GatewayHandler(SimConnection connection, ClientProtocol protocol) {
        this.connection = connection;
        this.protocol = protocol;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (connection.deaf()) {
            return;
        }
        switch (frame) {
            case TextWebSocketFrame text ->
                    protocol.message(connection, ByteBufUtil.getBytes(text.content()));
            case BinaryWebSocketFrame _ -> protocol.binary(connection);
            case PingWebSocketFrame ping -> {
                if (!connection.muted()) {
                    var _ = ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                }
            }
            case CloseWebSocketFrame close -> protocol.closed(connection, close.statusCode());
            default -> {
                // A pong that nobody asked for.
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            connection.pump();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        protocol.gone(connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (cause) {
            case TooLongFrameException _ -> protocol.tooLarge(connection);
            case CorruptedWebSocketFrameException e when e.closeStatus().code() == 1009 ->
                    protocol.tooLarge(connection);
            case CorruptedWebSocketFrameException _ -> protocol.binary(connection);
            default -> {
                var _ = ctx.close();
            }
        }
    }
}
