package gw.supervisor.interactions.http;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.Secret;
import gw.sim.FakeDiscord;
import gw.sim.event.RealisticEvents;
import gw.sim.fault.Fault;
import gw.sim.gateway.SimSettings;
import gw.supervisor.interactions.CallbackAnswer;
import gw.supervisor.interactions.InteractionFacts;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What Discord and networks answer, and what comes of it; the token shows nowhere (P7, P8). */
@Timeout(30)
class HttpDeferTransportTest {
    private static final String TOKEN = "aW50ZXJhY3Rpb24.secret";
    private static final InteractionFacts FACTS = new InteractionFacts("17", 2, Secret.of(TOKEN));

    private final ExecutorService loop =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("loop").factory());
    private final BlockingQueue<CallbackAnswer> answers = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        loop.shutdownNow();
    }

    private CallbackAnswer ask(URI api) throws InterruptedException {
        HttpDeferTransport transport = transport(api, Duration.ofSeconds(2));
        CallbackAnswer answer = ask(transport);
        transport.close();
        return answer;
    }

    private HttpDeferTransport transport(URI api, Duration timeout) {
        return new HttpDeferTransport(api, "DiscordBot (gw, 1)", timeout, loop);
    }

    private CallbackAnswer ask(HttpDeferTransport transport) throws InterruptedException {
        transport.post(
                FACTS,
                "{\"type\":5}",
                answer -> {
                    assertThat(Thread.currentThread().getName()).isEqualTo("loop");
                    answers.add(answer);
                });
        CallbackAnswer answer = answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        assertThat(String.valueOf(answer)).doesNotContain("secret");
        return answer;
    }

    @Test
    void postsTheCallback() throws Exception {
        try (RawServer server = new RawServer("HTTP/1.1 204 No Content\r\n\r\n")) {
            HttpDeferTransport transport = transport(server.api(), Duration.ofSeconds(2));
            assertThat(ask(transport)).isEqualTo(new CallbackAnswer.Taken());
            transport.close();
            String request = server.request();
            assertThat(request)
                    .startsWith("POST /api/v10/interactions/17/" + TOKEN + "/callback HTTP/1.1")
                    .contains("User-Agent: DiscordBot (gw, 1)", "Content-Type: application/json")
                    .doesNotContain("Authorization", "Upgrade");
        }
    }

    @Test
    void theSimRefusesWhatItDoesNotKnow() throws Exception {
        try (FakeDiscord discord =
                FakeDiscord.start(SimSettings.defaults(), new RealisticEvents(1))) {
            assertThat(ask(discord.apiUrl())).isEqualTo(new CallbackAnswer.Unknown());
            discord.inject(Fault.named("interaction-429"));
            assertThat(ask(discord.apiUrl()))
                    .isEqualTo(new CallbackAnswer.SlowDown(Duration.ofMillis(500), false));
            discord.inject(Fault.named("interaction-502"));
            assertThat(ask(discord.apiUrl()))
                    .isEqualTo(new CallbackAnswer.Broken("Discord answered 502"));
            discord.inject(Fault.named("interaction-403"));
            assertThat(ask(discord.apiUrl())).isEqualTo(new CallbackAnswer.Blocked(403));
            assertThat(discord.stats().violations()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"code\":40060,\"message\":\"x\"} | Acknowledged[]",
                "400 | {\"message\":{\"code\":40060},\"code\":50035} | Refused[status=400,"
                        + " code=50035]",
                "404 | {\"code\":10062} | Unknown[]",
                "404 | <html> | Refused[status=404, code=0]",
                "404 | {\"code\":\"10062\"} | Refused[status=404, code=0]",
                "404 | {\"code\":99999999999999} | Refused[status=404, code=0]",
                "301 | '' | Refused[status=301, code=0]",
                "401 | '' | Blocked[status=401]",
                "408 | '' | Broken[reason=Discord answered 408]",
                "429 | {\"retry_after\":0.25,\"global\":false} | SlowDown[retryAfter=PT0.25S,"
                        + " global=false]",
                "429 | {\"retry_after\":3,\"global\":true} | SlowDown[retryAfter=PT3S,"
                        + " global=true]",
                "429 | {\"retry_after\":1e99} | SlowDown[retryAfter=PT1H, global=false]",
                "429 | {\"retry_after\":-1} | SlowDown[retryAfter=PT1S, global=true]",
                "429 | error code: 1015 | SlowDown[retryAfter=PT1S, global=true]",
                "200 | {} | Taken[]"
            })
    void eachAnswerHasItsMeaning(int status, String body, String expected) throws Exception {
        String answer =
                "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (RawServer server = new RawServer(answer)) {
            assertThat(ask(server.api())).hasToString(expected);
        }
    }

    @Test
    void theEdgesOwnLimitIsEverybodys() throws Exception {
        try (RawServer server =
                new RawServer(
                        "HTTP/1.1 429 X\r\nRetry-After: 7\r\nContent-Length: 6\r\n\r\n<html>")) {
            assertThat(ask(server.api()))
                    .isEqualTo(new CallbackAnswer.SlowDown(Duration.ofSeconds(7), true));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage\r\n\r\n",
                "HTTP/1.1 204",
                "HTTP/1.1 400 X\r\nContent-Length: 50\r\n\r\n{\"code\":40060"
            })
    void whatIsNoAnswerIsBroken(String bytes) throws Exception {
        try (RawServer server = new RawServer(bytes)) {
            assertThat(ask(server.api())).isInstanceOf(CallbackAnswer.Broken.class);
        }
    }

    @Test
    void anEndlessBodyIsNotRead() throws Exception {
        try (RawServer server =
                new RawServer(
                        "HTTP/1.1 400 X\r\nContent-Length: 99999999\r\n\r\n"
                                + "x".repeat(100_000))) {
            assertThat(ask(server.api())).isInstanceOf(CallbackAnswer.Broken.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"})
    void whatHangsIsGivenUp(String before) throws Exception {
        try (RawServer server = new RawServer(before + RawServer.HANG)) {
            HttpDeferTransport transport = transport(server.api(), Duration.ofMillis(300));
            assertThat(ask(transport))
                    .isEqualTo(new CallbackAnswer.Broken("no answer within 300 ms"));
            transport.close();
        }
    }

    @Test
    void nobodyThere() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(ask(URI.create("http://127.0.0.1:" + port + "/api")))
                .isEqualTo(
                        new CallbackAnswer.Broken("Discord can't be reached (connection refused)"));
        assertThat(ask(URI.create("http://nowhere.invalid/api")))
                .isEqualTo(
                        new CallbackAnswer.Broken(
                                "Discord can't be reached (its name is not known)"));
    }

    @Test
    void isSilentOnceItIsClosed() throws Exception {
        try (RawServer server = new RawServer(RawServer.HANG)) {
            HttpDeferTransport transport = transport(server.api(), Duration.ofMillis(300));
            transport.post(FACTS, "{}", answers::add);
            assertThat(server.request()).startsWith("POST");
            transport.close();
            assertThat(answers.poll(600, TimeUnit.MILLISECONDS)).isNull();
        }
    }
}
