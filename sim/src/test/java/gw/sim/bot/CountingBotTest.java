package gw.sim.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.sim.ledger.PayloadHash;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

@Timeout(30)
class CountingBotTest {
    private static final String PAYLOAD =
            "{\"t\":\"MESSAGE_CREATE\",\"s\":42,\"op\":0,\"d\":{\"content\":\"\ud83d\ude00 }{\"}}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private CountingBot bot = startBot(3);

    private static CountingBot startBot(int maxEvents) {
        try {
            return CountingBot.start(0, Optional.of("Bearer secret"), maxEvents);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void startsEmpty() {
        assertThat(bot.received().events()).isEmpty();
    }

    @AfterEach
    void close() {
        bot.close();
        http.close();
    }

    @Test
    void keepsWhatItSettles() throws Exception {
        assertThat(post("abc:42", 7, PAYLOAD).statusCode()).isEqualTo(200);

        byte[] bytes = PAYLOAD.getBytes(StandardCharsets.UTF_8);
        Received received = bot.received();
        assertThat(received.events()).hasSize(1);
        ReceivedEvent event = received.events().getFirst();
        assertThat(event.id()).isEqualTo("abc:42");
        assertThat(event.name()).isEqualTo("MESSAGE_CREATE");
        assertThat(event.shardId()).isEqualTo(7);
        assertThat(event.shardCount()).isEqualTo(16);
        assertThat(event.payloadHash()).isEqualTo(PayloadHash.of(bytes, 0, bytes.length));
        assertThat(received.faults()).isEmpty();
        assertThat(bot.count()).isEqualTo(1);
    }

    @Test
    void keepsTheTextOfGaps() throws Exception {
        String gap = "{\"t\":\"GW_GAP\",\"d\":{}}";
        var _ = send(request("abc:42", 7, gap).setHeader("X-Gw-Event-Name", "GW_GAP"));

        assertThat(bot.received().events()).isEmpty();
        assertThat(bot.received().gaps()).extracting(ReceivedGap::payload).containsExactly(gap);
    }

    /** It is in the bot's order, and no event that Discord sent. */
    @Test
    void keepsWhatGwItselfSaysApart() throws Exception {
        String notice = "{\"t\":\"GW_RESHARDED\",\"d\":{}}";
        var _ = send(request("abc:42", 7, notice).setHeader("X-Gw-Event-Name", "GW_RESHARDED"));
        var _ = post("abc:43", 7, PAYLOAD);

        ReceivedNotice kept = bot.received().notices().getFirst();
        assertThat(kept.name()).isEqualTo("GW_RESHARDED");
        assertThat(kept.payload()).isEqualTo(notice);
        assertThat(bot.received().events())
                .singleElement()
                .satisfies(event -> assertThat(event.order()).isGreaterThan(kept.order()));
        assertThat(bot.count()).isEqualTo(2);
    }

    @Test
    void takesPayloadsOfMegabytes() throws Exception {
        String large = "{\"x\":\"" + "y".repeat(3_000_000) + "\"}";

        assertThat(post("abc:1", 0, large).statusCode()).isEqualTo(200);
        assertThat(post("abc:2", 0, PAYLOAD).statusCode()).isEqualTo(200);

        byte[] bytes = large.getBytes(StandardCharsets.UTF_8);
        assertThat(bot.received().events().getFirst().payloadHash())
                .isEqualTo(PayloadHash.of(bytes, 0, bytes.length));
    }

    @Test
    void saysWhatTheSenderDidWrong() throws Exception {
        assertThat(send(request("a:1", 0, PAYLOAD).GET()).statusCode()).isEqualTo(405);
        assertThat(
                        send(request("a:1", 0, PAYLOAD).setHeader("Authorization", "wrong"))
                                .statusCode())
                .isEqualTo(401);
        assertThat(
                        send(request("a:1", 0, PAYLOAD).setHeader("Content-Type", "text/plain"))
                                .statusCode())
                .isEqualTo(415);
        assertThat(send(request("no-sequence", 0, PAYLOAD)).statusCode()).isEqualTo(400);
        assertThat(send(request("a:1", 0, PAYLOAD).setHeader("X-Gw-Shard-Id", "1")).statusCode())
                .isEqualTo(400);
        for (String body :
                List.of(
                        "",
                        "{}",
                        "{\"data\":{},\"shardId\":0}",
                        "{\"shardId\":0,\"data\":[]}",
                        "{\"shardId\":0,\"data\":{}",
                        "{\"shardId\":,\"data\":{}}",
                        "{\"shardId\":99999999999,\"data\":{}}")) {
            assertThat(
                            send(request("a:1", 0, PAYLOAD).POST(BodyPublishers.ofString(body)))
                                    .statusCode())
                    .as(body)
                    .isEqualTo(400);
        }

        assertThat(bot.received().events()).isEmpty();
        assertThat(bot.received().faults())
                .containsEntry(SenderFault.METHOD, 1L)
                .containsEntry(SenderFault.SECRET, 1L)
                .containsEntry(SenderFault.CONTENT_TYPE, 1L)
                .containsEntry(SenderFault.HEADERS, 1L)
                .containsEntry(SenderFault.SHARD_ID, 1L)
                .containsEntry(SenderFault.BODY, 7L);
    }

    @Test
    void answersWithTheStatusItIsTold() throws Exception {
        bot.answer(new BotAnswer.Status(429, Optional.of(Duration.ofMillis(1_500))));
        HttpResponse<String> refused = post("abc:1", 0, PAYLOAD);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(bot.count()).isZero();

        bot.answer(new BotAnswer.Status(204));
        assertThat(post("abc:1", 0, PAYLOAD).statusCode()).isEqualTo(204);
        assertThat(bot.count()).isEqualTo(1);
        assertThat(bot.requests()).isEqualTo(2);
    }

    @Test
    void settlesAfterADelay() throws Exception {
        bot.answer(new BotAnswer.Delay(Duration.ofMillis(200)));
        long started = System.nanoTime();

        assertThat(post("abc:1", 0, PAYLOAD).statusCode()).isEqualTo(200);

        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isGreaterThan(Duration.ofMillis(190));
        assertThat(bot.count()).isEqualTo(1);
    }

    @Test
    void hangsWhenToldTo() {
        bot.answer(new BotAnswer.Hang());

        assertThatThrownBy(() -> send(request("abc:1", 0, PAYLOAD).timeout(Duration.ofMillis(200))))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(bot.requests()).isEqualTo(1);
        assertThat(bot.count()).isZero();
    }

    @Test
    void resetsWhenToldTo() throws Exception {
        bot.answer(new BotAnswer.Reset());
        assertThatThrownBy(() -> post("abc:1", 0, "{" + " ".repeat(2_000_000) + "}"))
                .isInstanceOf(IOException.class);

        bot.answer(new BotAnswer.Ok());
        assertThat(post("abc:1", 0, PAYLOAD).statusCode()).isEqualTo(200);
        assertThat(bot.count()).isEqualTo(1);
    }

    @Test
    void refusesJustWhatMatches() throws Exception {
        bot.answer(
                new BotAnswer.Only(
                        event -> event.id().equals("abc:2") && event.attempt() == 1,
                        new BotAnswer.Status(500),
                        new BotAnswer.Ok()));

        assertThat(post("abc:1", 0, PAYLOAD).statusCode()).isEqualTo(200);
        assertThat(post("abc:2", 0, PAYLOAD).statusCode()).isEqualTo(500);
        assertThat(send(request("abc:2", 0, PAYLOAD).setHeader("X-Gw-Attempt", "2")).statusCode())
                .isEqualTo(200);
        assertThat(bot.received().events())
                .extracting(ReceivedEvent::id)
                .containsExactly("abc:1", "abc:2");
    }

    @Test
    void goesDownAndComesUpAtTheSamePlace() throws Exception {
        assertThat(post("abc:1", 0, PAYLOAD).statusCode()).isEqualTo(200);
        URI before = bot.url();

        bot.down();
        assertThatThrownBy(() -> post("abc:2", 0, PAYLOAD)).isInstanceOf(IOException.class);
        bot.up();

        assertThat(bot.url()).isEqualTo(before);
        assertThat(post("abc:2", 0, PAYLOAD).statusCode()).isEqualTo(200);
        assertThat(bot.count()).isEqualTo(2);
    }

    @Test
    void keepsAtMostSoManyAndSaysSo() throws Exception {
        for (int i = 1; i <= 4; i++) {
            assertThat(post("abc:" + i, 0, PAYLOAD).statusCode()).isEqualTo(200);
        }

        assertThat(bot.received().events()).hasSize(3);
        assertThat(bot.received().full()).isTrue();
        assertThat(bot.count()).isEqualTo(4);

        bot.reset();
        assertThat(bot.count()).isZero();
        assertThat(bot.received().full()).isFalse();
    }

    @Test
    void saysWhenItsPortIsTaken() {
        int port = bot.url().getPort();
        assertThatThrownBy(() -> CountingBot.start(port, Optional.empty(), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Integer.toString(port));
    }

    private HttpResponse<String> post(String id, int shardId, String payload) throws Exception {
        return send(request(id, shardId, payload));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String id, int shardId, String payload) {
        return HttpRequest.newBuilder(bot.url())
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer secret")
                .header("X-Gw-Event-Id", id)
                .header("X-Gw-Event-Name", "MESSAGE_CREATE")
                .header("X-Gw-Shard-Id", Integer.toString(shardId))
                .header("X-Gw-Shard-Count", "16")
                .header("X-Gw-Attempt", "1")
                .POST(
                        BodyPublishers.ofString(
                                "{\"shardId\":" + shardId + ",\"data\":" + payload + "}"));
    }
}
