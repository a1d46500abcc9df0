package gw.sim.gateway;

import gw.sim.ledger.Violations;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** From an HTTP request to a connection of the gateway. Owned by the event loop. */
final class Upgrade {
    private static final int MAX_MESSAGE_BYTES = 64 * 1024;

    /** What the query asks for; {@code code} 0: it is sound. */
    private record Query(OutboundCompressor.Kind kind, int code, String reason) {}

    private final Gateway gateway;
    private final ClientProtocol protocol;
    private final Violations violations;

    Upgrade(Gateway gateway, ClientProtocol protocol, Violations violations) {
        this.gateway = gateway;
        this.protocol = protocol;
        this.violations = violations;
    }

    void start(Channel channel, FullHttpRequest request, boolean viaResumeHost) {
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(
                                "ws://" + request.headers().get("Host", "127.0.0.1"),
                                null,
                                WebSocketDecoderConfig.newBuilder()
                                        .maxFramePayloadLength(MAX_MESSAGE_BYTES)
                                        .closeOnProtocolViolation(false)
                                        .build())
                        .newHandshaker(request);
        if (handshaker == null) {
            var _ =
                    WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(channel)
                            .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        Query query = query(new QueryStringDecoder(request.uri()).parameters());
        var _ =
                handshaker
                        .handshake(channel, request)
                        .addListener(done -> {
                            if (done.isSuccess()) {
                                open(channel, query, viaResumeHost);
                            } else {
                                var _ = channel.close();
                            }
                        });
    }

    private void open(Channel channel, Query query, boolean viaResumeHost) {
        SimConnection connection =
                new SimConnection(
                        gateway, channel, query.kind(), viaResumeHost, gateway.nowNanos());
        channel.pipeline()
                .addLast(new WebSocketFrameAggregator(MAX_MESSAGE_BYTES))
                .addLast(new GatewayHandler(connection, protocol));
        gateway.opened(connection);
        if (query.code() != 0) {
            violations.add(Violations.Kind.QUERY_PARAMETERS);
            gateway.close(connection, query.code(), query.reason());
        } else {
            gateway.greet(connection);
        }
    }

    private static Query query(Map<String, List<String>> parameters) {
        if (!"10".equals(single(parameters, "v"))) {
            return new Query(OutboundCompressor.Kind.NONE, 4012, "Invalid API version.");
        }
        if (!"json".equals(single(parameters, "encoding"))) {
            return new Query(OutboundCompressor.Kind.NONE, 4002, "Invalid encoding.");
        }
        if (!parameters.containsKey("compress")) {
            return new Query(OutboundCompressor.Kind.NONE, 0, "");
        }
        String compress = single(parameters, "compress");
        return switch (compress == null ? "" : compress) {
            case "zlib-stream" -> new Query(OutboundCompressor.Kind.ZLIB_STREAM, 0, "");
            case "zstd-stream" -> new Query(OutboundCompressor.Kind.ZSTD_STREAM, 0, "");
            default -> new Query(OutboundCompressor.Kind.NONE, 4002, "Invalid compression.");
        };
    }

    private static @Nullable String single(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.getOrDefault(name, List.of());
        return values.size() == 1 ? values.getFirst() : null;
    }
}
