package gw.supervisor.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import gw.model.Secret;
import gw.model.SessionStartLimit;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.state.SmallFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Whatever answers, gw says what it is, tries again where that helps, and never shows the token.
 */
@Timeout(60)
class GatewayBotClientTest {
    private static final String TOKEN = "MTIz.secret-token.abc";
    private static final String GOOD =
            """
            {"url":"wss://gateway.discord.gg/","shards":9,"session_start_limit":
            {"total":1000,"remaining":998,"reset_after":14400000,"max_concurrency":16}}
            """;

    private long now = 1_000_000;
    private final List<String> progress = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private RawApi api;

    @BeforeEach
    void open() throws IOException {
        api = new RawApi();
    }

    @AfterEach
    void close() throws IOException {
        api.close();
        // P8: whatever happened.
        assertThat(progress).noneMatch(line -> line.contains("secret"));
    }

    @Test
    void readsWhatDiscordSays() throws Exception {
        api.then(200, "", GOOD);
        GatewayBot bot = client(true).fetch();
        assertThat(bot.url()).isEqualTo(URI.create("wss://gateway.discord.gg/"));
        assertThat(bot.shards()).isEqualTo(9);
        assertThat(bot.limit())
                .isEqualTo(new SessionStartLimit(1000, 998, Duration.ofHours(4), 16));
        assertThat(api.requests)
                .singleElement()
                .asString()
                .startsWith("GET /api/v10/gateway/bot HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nAuthorization: Bot " + TOKEN + "\r\n")
                .containsIgnoringCase("\r\nUser-Agent: DiscordBot (gw, 0.1.0)\r\n");
        assertThat(progress).isEmpty();
    }

    @Test
    void leavesQueryAndUserOutOfTheGatewaysUrl() throws Exception {
        api.then(200, "", GOOD.replace("discord.gg/", "discord.gg:8443/x?v=10&encoding=json"));
        assertThat(client(true).fetch().url())
                .isEqualTo(URI.create("wss://gateway.discord.gg:8443/x"));
    }

    @Test
    void aRefusedTokenIsSaidAtOnce() {
        api.then(401, "", "{\"message\": \"401: Unauthorized\", \"code\": 0}");
        UserError error = failure(client(true));
        assertThat(error.exitCode()).isEqualTo(ExitCode.TOKEN_REFUSED);
        assertThat(error).hasMessageContaining("Discord refused the token");
        assertThat(error.advice()).contains("DISCORD_TOKEN");
        assertThat(progress).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "403,DISCORD_REFUSED",
        "404,CONFIG",
        "301,CONFIG",
        "302,CONFIG",
        "400,DISCORD_REFUSED"
    })
    void otherRefusalsNameTheUrl(int status, ExitCode exit) {
        api.then(status, "Location: http://127.0.0.1:1/\r\n", "<html>");
        UserError error = failure(client(true));
        assertThat(error.exitCode()).isEqualTo(exit);
        assertThat(error)
                .hasMessageContaining(api.url() + "/v10/gateway/bot")
                .hasMessageContaining("" + status);
        assertThat(error.advice()).contains("--api-url");
        assertThat(api.requests).as("no redirect is followed").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Retry-After: 7|{}|7000",
                "Retry-After: 7|<html>|7000",
                "Retry-After: 7|{\"retry_after\": 6.25, \"global\": false}|6250",
                "X-Other: 1|{\"retry_after\": 0.3}|500",
                "Retry-After: 1e99|{}|3600000",
                "X-Other: 1|{\"retry_after\": 99999999}|3600000"
            })
    void obeysRetryAfterWithinBounds(String header, String body, long millis) throws Exception {
        api.then(429, header + "\r\n", body).then(200, "", GOOD);
        assertThat(client(true).fetch().shards()).isEqualTo(9);
        assertThat(pauses).containsExactly(Duration.ofMillis(millis));
        assertThat(progress).singleElement().asString().contains("429");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "-5", "soon", ""})
    void anAbsurdRetryAfterIsAnOrdinaryFailure(String value) throws Exception {
        api.then(429, "Retry-After: " + value + "\r\n", "{\"retry_after\": \"x\"}")
                .then(200, "", GOOD);
        assertThat(client(true).fetch().shards()).isEqualTo(9);
        assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 No\r\nContent-Length: 6\r\n\r\n<html>",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
                "HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n{\"url\":",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 204 No\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void whatIsNoAnswerIsTriedAgain(String bytes) throws Exception {
        api.then(bytes).then(bytes).then(200, "", GOOD);
        assertThat(client(true).fetch().shards()).isEqualTo(9);
        assertThat(progress)
                .hasSize(2)
                .allMatch(line -> line.startsWith("Discord"))
                .allMatch(line -> line.contains(", trying again in "));
    }

    /** The HTTP client tries once more by itself. */
    @Test
    void aConnectionThatIsClosedWithoutAWordIsTriedAgain() throws Exception {
        api.then("").then("").then("").then(200, "", GOOD);
        assertThat(client(true).fetch().shards()).isEqualTo(9);
        assertThat(progress)
                .hasSizeBetween(1, 3)
                .allMatch(line -> line.startsWith("Discord can't be reached ("));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"shards\":9|\"shards\":0|shards: 0",
                "\"shards\":9|\"shards\":-1|shards: -1",
                "\"shards\":9|\"shards\":1.5|shards is not a whole number",
                "\"shards\":9|\"shards\":99999999999999999999|shards is not a whole number",
                "\"shards\":9|\"x\":9|shards is missing",
                "\"max_concurrency\":16|\"max_concurrency\":0|max_concurrency: 0",
                "\"remaining\":998|\"remaining\":-1|remaining: -1",
                "\"total\":1000|\"total\":null|total is not a whole number",
                "14400000|-1|reset_after: -1",
                "14400000|9223372036854775807|reset_after",
                "wss:|https:|url is not ws://",
                "wss://gateway.discord.gg/|wss://|url is not ws://",
                "\"wss://gateway.discord.gg/\"|7|url is missing",
                "session_start_limit|session_limit|session_start_limit.total is missing"
            })
    void absurdValuesAreNotTaken(String good, String bad, String words) throws Exception {
        api.then(200, "", GOOD.replace(good, bad)).then(200, "", GOOD);
        assertThat(client(true).fetch().shards()).isEqualTo(9);
        assertThat(progress).singleElement().asString().contains(words);
    }

    /** P7: a body is bounded. */
    @Test
    void aHugeBodyIsNotReadToItsEnd() throws Exception {
        api.then(200, "", " ".repeat(65 * 1024) + GOOD)
                .then("HTTP/1.1 200 OK\r\n\r\n" + " ".repeat(65 * 1024) + RawApi.HANG)
                .then(200, "", " ".repeat(60 * 1024) + GOOD);
        assertThat(client(true).fetch().shards()).isEqualTo(9);
        assertThat(progress).hasSize(2).allMatch(line -> line.contains("can't be reached"));
    }

    /** P7: so is an exchange, to the end of its body. */
    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"})
    void aSilentApiIsNotWaitedForForEver(String before) throws Exception {
        api.then(before + RawApi.HANG).then(200, "", GOOD);
        assertThat(client(true, Duration.ofMillis(700)).fetch().shards()).isEqualTo(9);
        // A slow machine may need another try.
        assertThat(progress)
                .isNotEmpty()
                .allMatch(line -> line.contains("no whole answer within 0.7 s"));
    }

    @Test
    void givesUpAfterThreeTriesWhenWaitingIsNotWanted() {
        api.then(503, "", "").then(502, "", "").then(500, "", "");
        UserError error = failure(client(false));
        assertThat(error.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(error).hasMessage("Discord answered 500");
        assertThat(error.advice()).contains(api.url().toString());
        assertThat(progress).hasSize(2);
    }

    @Test
    void doesNotWaitLongWhenWaitingIsNotWanted() {
        api.then(429, "Retry-After: 600\r\n", "{}");
        assertThat(failure(client(false)).exitCode()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(pauses).isEmpty();
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        URI url = URI.create("http://user:secret@127.0.0.1:" + port + "/api/");
        UserError error = failure(client(url, TOKEN, false, Duration.ofSeconds(10)));
        assertThat(error).hasMessage("Discord can't be reached (connection refused)");
        assertThat(error.advice())
                .contains("http://127.0.0.1:" + port + "/api/v10/gateway/bot")
                .doesNotContain("secret");
        assertThat(progress.getFirst())
                .matches("Discord can't be reached \\(connection refused\\), trying again in .* s");
    }

    @Test
    void saysThatTheNameIsNotKnown() {
        URI url = URI.create("http://no-such-host.invalid/api");
        assertThat(failure(client(url, TOKEN, false, Duration.ofSeconds(30))))
                .hasMessage("Discord can't be reached (its name is not known)");
    }

    @Test
    void saysThatTlsFailed() {
        URI url = URI.create(api.url().toString().replace("http:", "https:"));
        for (int i = 0; i < 3; i++) {
            api.then("HTTP/1.1 400 This is not TLS\r\n\r\n");
        }
        assertThat(failure(client(url, TOKEN, false, Duration.ofSeconds(2))))
                .hasMessageStartingWith("Discord can't be reached (");
    }

    @Test
    void waitsLongerAndLongerUpToAMinute() throws Exception {
        for (int i = 0; i < 12; i++) {
            api.then(500, "", "");
        }
        api.then(200, "", GOOD);
        assertThat(client(true).fetch().shards()).isEqualTo(9);
        assertThat(pauses).hasSize(12);
        assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(pauses.getLast()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /** P8: the HTTP client would quote the whole header. */
    @Test
    void aTokenThatNoHeaderCanCarryIsNotQuoted() {
        UserError error =
                failure(client(api.url(), "secret-\u20ac-token", true, Duration.ofSeconds(10)));
        assertThat(error).hasMessageContaining("position 8");
        StringWriter all = new StringWriter();
        error.printStackTrace(new PrintWriter(all));
        assertThat(all + error.advice()).doesNotContain("secret").doesNotContain("\u20ac");
        assertThat(api.requests).isEmpty();
    }

    @Test
    void anInterruptEndsTheCall() throws Exception {
        api.then(RawApi.HANG);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        GatewayBotClient client = client(true);
        Thread asking =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                var _ = client.fetch();
                            } catch (UserError | InterruptedException e) {
                                var _ = ended.complete(e);
                            }
                        });
        assertThat(api.asked.await(10, TimeUnit.SECONDS)).isTrue();
        asking.interrupt();
        assertThat(ended.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }

    /** P5: a process that is killed just then must not make the next one ask too early. */
    @Test
    void theNextProcessKeepsToWhatThisOneWasTold(@TempDir Path dir) throws Exception {
        SmallFile file = new SmallFile(dir.resolve("api-wait"));
        api.then(429, "Retry-After: 90\r\n", "{\"retry_after\":90.0,\"global\":false}");
        GatewayBotClient killed = remembering(file, _ -> throwInterrupted());
        assertThatThrownBy(killed::fetch).isInstanceOf(InterruptedException.class);
        now += 20_000;
        api.then(200, "", GOOD);
        assertThat(remembering(file, pauses::add).fetch().shards()).isEqualTo(9);
        assertThat(pauses).containsExactly(Duration.ofSeconds(70));
        now += 80_000;
        pauses.clear();
        api.then(200, "", GOOD);
        assertThat(remembering(file, pauses::add).fetch().shards()).isEqualTo(9);
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "99",
                "nine URL",
                "99999999999999999999 URL",
                "-9223372036854775808 URL",
                "9223372036854775807 http://other/api"
            })
    void aFileOfWaitsThatMeansNothingIsNoWait(String content, @TempDir Path dir) throws Exception {
        SmallFile file = new SmallFile(dir.resolve("api-wait"));
        file.replace(content.replace("URL", api.url().toString()).getBytes(StandardCharsets.UTF_8));
        api.then(200, "", GOOD);
        assertThat(remembering(file, pauses::add).fetch().shards()).isEqualTo(9);
        assertThat(pauses).isEmpty();
    }

    private static void throwInterrupted() throws InterruptedException {
        throw new InterruptedException();
    }

    private GatewayBotClient remembering(SmallFile file, Pause pause) {
        return new GatewayBotClient(
                api.url(),
                Secret.of(TOKEN),
                "DiscordBot (gw, 0.1.0)",
                true,
                Duration.ofSeconds(10),
                progress::add,
                pause,
                new Random(1),
                ToldWait.keptIn(file, api.url(), () -> Instant.ofEpochMilli(now)));
    }

    /** An idle supervisor holds no selector thread. */
    @Test
    void noThreadIsLeftBehind() throws Exception {
        api.then(200, "", GOOD);
        assertThat(client(true).fetch().shards()).isEqualTo(9);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("HttpClient"));
    }

    private GatewayBotClient client(boolean wait) {
        return client(wait, Duration.ofSeconds(10));
    }

    private GatewayBotClient client(boolean wait, Duration timeout) {
        return client(api.url(), TOKEN, wait, timeout);
    }

    private GatewayBotClient client(URI url, String token, boolean wait, Duration timeout) {
        return new GatewayBotClient(
                url,
                Secret.of(token),
                "DiscordBot (gw, 0.1.0)",
                wait,
                timeout,
                progress::add,
                pauses::add,
                new Random(1),
                ToldWait.forgotten(url));
    }

    private UserError failure(GatewayBotClient client) {
        UserError error = catchThrowableOfType(UserError.class, client::fetch);
        assertThat(error).isNotNull();
        assertThat(error.getMessage() + error.advice()).doesNotContain(TOKEN);
        return error;
    }
}
