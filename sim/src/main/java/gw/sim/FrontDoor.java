package gw.sim;

import gw.sim.gateway.Gateway;
import gw.sim.rest.AdminApi;
import gw.sim.rest.RestApi;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;

/** Where a request goes: REST, admin, or the gateway. One for each channel. */
final class FrontDoor extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int MAX_REQUEST_BYTES = 64 * 1024;

    /** What stands behind the door. */
    record House(Gateway gateway, RestApi rest, AdminApi admin, DeadHost resumeHost) {}

    private final House house;
    private final boolean resumeHost;

    private FrontDoor(House house, boolean resumeHost) {
        this.house = house;
        this.resumeHost = resumeHost;
    }

    static void install(Channel channel, House house, boolean resumeHost) {
        channel.pipeline()
                .addLast(new HttpServerCodec())
                .addLast(new HttpObjectAggregator(MAX_REQUEST_BYTES))
                .addLast(new FrontDoor(house, resumeHost));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (resumeHost && house.resumeHost().swallows(ctx.channel())) {
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        String path = uri.path();
        boolean upgrade =
                request.headers()
                        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
        if (upgrade && !house.gateway().inMaintenance() && (path.isEmpty() || path.equals("/"))) {
            house.gateway().upgrade(ctx.channel(), request, resumeHost);
            ctx.pipeline().remove(this);
        } else if (upgrade) {
            boolean maintenance = house.gateway().inMaintenance();
            reply(ctx, request, status(maintenance ? 503 : 404));
        } else if (!resumeHost && (path.equals("/api") || path.startsWith("/api/"))) {
            reply(ctx, request, house.rest().answer(path, request));
        } else if (!resumeHost && path.startsWith("/sim/")) {
            reply(ctx, request, house.admin().answer(request.method(), path, uri.parameters()));
        } else {
            reply(ctx, request, status(404));
        }
    }

    private static FullHttpResponse status(int code) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(code));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        return response;
    }

    private static void reply(
            ChannelHandlerContext ctx, FullHttpRequest request, FullHttpResponse response) {
        boolean keep = HttpUtil.isKeepAlive(request);
        HttpUtil.setKeepAlive(response, keep);
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!keep) {
            var _ = written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }
}
