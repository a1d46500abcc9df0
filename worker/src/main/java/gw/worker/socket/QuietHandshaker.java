package gw.worker.socket;

import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;

import java.net.URI;

/**
 * The client's upgrade, without close frames of its own: what a library says unasked (1002, 1009)
 * might end the session that we mean to resume.
 */
final class QuietHandshaker extends WebSocketClientHandshaker13 {
    private final int maxFrameBytes;

    QuietHandshaker(URI uri, int maxFrameBytes) {
        super(
                uri,
                WebSocketVersion.V13,
                null,
                false,
                EmptyHttpHeaders.INSTANCE,
                maxFrameBytes,
                true,
                false,
                0);
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    protected WebSocketFrameDecoder newWebsocketDecoder() {
        return new WebSocket13FrameDecoder(
                WebSocketDecoderConfig.newBuilder()
                        .expectMaskedFrames(false)
                        .allowExtensions(false)
                        .maxFramePayloadLength(maxFrameBytes)
                        .closeOnProtocolViolation(false)
                        .withUTF8Validator(false)
                        .build());
    }
}
