package gw.supervisor.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** The short way is taken for nothing that the HTTP decoder would understand otherwise (P3). */
class PlainAnswerTest {
    /** A bar stands for the end of a line, a tilde for a bare line feed, a caret for a bare CR. */
    private static String spelled(String answer) {
        return answer.replace("|", "\r\n").replace('~', '\n').replace('^', '\r');
    }

    private static boolean plain(String answer) {
        ByteBuf bytes = Unpooled.copiedBuffer(spelled(answer), StandardCharsets.ISO_8859_1);
        try {
            return PlainAnswer.isPlainSuccess(bytes);
        } finally {
            bytes.release();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content||",
                "HTTP/1.1 204||",
                "HTTP/1.1 200 OK|Content-Length: 0||",
                "HTTP/1.1 200 OK|Content-Length: 2||ok",
                "HTTP/1.1 202 Accepted|"
                        + "date: Thu, 26 Nov 2026 00:00:00 GMT|"
                        + "CONTENT-LENGTH:0||",
                "HTTP/1.1 200 OK|"
                        + "Connection: Keep-Alive|"
                        + "Keep-Alive: timeout=5|"
                        + "Content-Length: 0||",
            })
    void takesUsualSuccesses(String answer) {
        assertThat(plain(answer)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.1 2",
                "HTTP/1.1 200 OK|",
                "HTTP/1.1 200 OK||",
                "HTTP/1.1 204 No Content|^",
                "HTTP/1.1 204 No Content|Content-Length: 3||abc",
                "HTTP/1.1 200 OK|Content-Length: 2||o",
                "HTTP/1.1 200 OK|Content-Length: 2||ok!",
                "HTTP/1.1 200 OK|Content-Length: -1||",
                "HTTP/1.1 200 OK|Content-Length: 1, 1||x",
                "HTTP/1.1 200 OK|Content-Length: 1|Content-Length: 1||x",
                "HTTP/1.1 200 OK|Content-Length: 9999999999||",
                "HTTP/1.1 200 OK|Connection: close|Content-Length: 0||",
                "HTTP/1.1 200 OK|Connection: keep-alive, close|Content-Length: 0||",
                "HTTP/1.1 200 OK|Transfer-Encoding: chunked||0||",
                "HTTP/1.1 200 OK|Content-Length: 0|Transfer-Encoding: chunked||",
                "HTTP/1.1 200 OK|Content-Length : 0||",
                "HTTP/1.1 200 OK|X: a| Content-Length: 0|Content-Length: 0||",
                "HTTP/1.1 200 OK~Content-Length: 0~~",
                "HTTP/1.1 20 OK|Content-Length: 0||",
                "HTTP/1.1 2000 OK|Content-Length: 0||",
                "HTTP/1.0 200 OK|Content-Length: 0||",
                "HTTP/1.1 100 Continue||",
                "HTTP/1.1 301 Moved|Content-Length: 0||",
                "HTTP/1.1 500 Oh|Content-Length: 0||",
                "HTTP/1.1 204 No Content||HTTP/1.1 204 No Content||",
            })
    void leavesTheRestToTheDecoder(String answer) {
        assertThat(plain(answer)).isFalse();
    }

    /** What is called plain, the decoder takes for one whole success and keeps the connection. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverDisagreesWithTheDecoder(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String[] parts = {
            "HTTP/1.1 200 OK",
            "HTTP/1.1 204 No Content",
            "HTTP/1.1 206",
            "HTTP/1.1 299 x",
            "|",
            "|",
            "Content-Length: 0",
            "content-length:3",
            "Connection: keep-alive",
            "Connection: close",
            "Transfer-Encoding: chunked",
            "X-A: b",
            ":",
            " ",
            "abc",
            "\n",
            "\r",
            "Content-Length",
            "0",
            "\t",
        };
        int plain = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder answer = new StringBuilder(parts[random.nextInt(4)]).append("|");
            for (int more = random.nextInt(6); more > 0; more--) {
                answer.append(parts[random.nextInt(parts.length)]);
                if (random.nextInt(3) > 0) {
                    answer.append("|");
                }
            }
            answer.append(random.nextBoolean() ? "|" : "");
            if (plain(answer.toString())) {
                plain++;
                assertThat(decoded(answer.toString())).as("seed %s: %s", seed, answer).isTrue();
            }
        }
        assertThat(plain).isGreaterThan(100);
    }

    private static boolean decoded(String answer) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseDecoder());
        var _ =
                channel.writeInbound(
                        Unpooled.copiedBuffer(spelled(answer), StandardCharsets.ISO_8859_1));
        boolean success = false;
        int ends = 0;
        for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
            if (part instanceof HttpResponse response) {
                success =
                        response.decoderResult().isSuccess()
                                && response.status().code() / 100 == 2
                                && HttpUtil.isKeepAlive(response);
            }
            if (part instanceof HttpContent content) {
                success &= content.decoderResult().isSuccess();
            }
            if (part instanceof LastHttpContent) {
                ends++;
            }
            ReferenceCountUtil.release(part);
        }
        var _ = channel.finishAndReleaseAll();
        return success && ends == 1;
    }
}
