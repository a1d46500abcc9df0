package gw.sim.rest;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Makes answers. */
final class Responses {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Responses() {}

    static FullHttpResponse json(int status, Object body) {
        return response(status, "application/json", JSON.writeValueAsBytes(body));
    }

    /** An error in Discord's words. */
    static FullHttpResponse error(int status) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(status);
        return json(status, Map.of("message", status + ": " + known.reasonPhrase(), "code", 0));
    }

    /** An error with one of Discord's own codes. */
    static FullHttpResponse error(int status, int code, String message) {
        return json(status, Map.of("message", message, "code", code));
    }

    /** A status that says all. */
    static FullHttpResponse empty(int status) {
        FullHttpResponse response = response(status, "text/plain", new byte[0]);
        response.headers().remove(HttpHeaderNames.CONTENT_TYPE);
        if (status == 204) {
            response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        return response;
    }

    /** What an edge says when nothing is behind it. */
    static FullHttpResponse html(int status) {
        String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
        String page =
                "<html><head><title>"
                        + status
                        + " "
                        + reason
                        + "</title></head><body><center><h1>"
                        + status
                        + " "
                        + reason
                        + "</h1></center></body></html>";
        return response(status, "text/html", page.getBytes(StandardCharsets.US_ASCII));
    }

    static FullHttpResponse tooMany(double retryAfterSeconds) {
        FullHttpResponse response =
                json(
                        429,
                        Map.of(
                                "message",
                                "You are being rate limited.",
                                "retry_after",
                                retryAfterSeconds,
                                "global",
                                false));
        response.headers().set(HttpHeaderNames.RETRY_AFTER, (long) Math.ceil(retryAfterSeconds));
        return response;
    }

    private static FullHttpResponse response(int status, String type, byte[] body) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        return response;
    }
}
