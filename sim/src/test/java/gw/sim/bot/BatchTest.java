package gw.sim.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.sim.ledger.PayloadHash;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A POST that is a list of events: each counts for itself, the answer is for all of them (P3). */
@Timeout(30)
class BatchTest {
    private static final String FIRST =
            "{\"t\":\"MESSAGE_CREATE\",\"s\":1,\"op\":0,\"d\":{\"content\":\"😀 }]\\\"\\\\\"}}";
    private static final String SECOND = "{\"d\":{\"t\":\"OTHER\"},\"t\":\"TYPING_START\"}";
    private static final String GAP = "{\"t\":\"GW_GAP\",\"s\":null,\"op\":0,\"d\":{}}";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @SuppressWarnings("NullAway.Init")
    private CountingBot bot;

    @BeforeEach
    void start() throws IOException {
        bot = CountingBot.start(0, Optional.of("Bearer secret"), 5);
    }

    @AfterEach
    void close() {
        bot.close();
        http.close();
    }

    private static String item(String id, String data) {
        return "{\"shardId\":7,\"shardCount\":16,\"id\":\"" + id + "\",\"data\":" + data + "}";
    }

    private static String list(String... items) {
        return "[" + String.join(",", items) + "]";
    }

    private HttpRequest.Builder request(int size, String body) {
        return HttpRequest.newBuilder(bot.url())
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer secret")
                .header("X-Gw-Batch-Size", Integer.toString(size))
                .header("X-Gw-Attempt", "1")
                .POST(BodyPublishers.ofString(body));
    }

    private int send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private int post(int size, String body) throws Exception {
        return send(request(size, body));
    }

    private static long hash(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return PayloadHash.of(bytes, 0, bytes.length);
    }

    @Test
    void countsEachEventWithTheBytesOfItsPayload() throws Exception {
        String body = list(item("abc:1", FIRST), item("abc:2", SECOND), item("x:y:3", FIRST));

        assertThat(post(3, body)).isEqualTo(200);

        Received received = bot.received();
        assertThat(received.faults()).isEmpty();
        assertThat(received.events())
                .extracting(ReceivedEvent::id)
                .containsExactly("abc:1", "abc:2", "x:y:3");
        assertThat(received.events())
                .extracting(ReceivedEvent::name)
                .containsExactly("MESSAGE_CREATE", "TYPING_START", "MESSAGE_CREATE");
        assertThat(received.events())
                .extracting(ReceivedEvent::payloadHash)
                .containsExactly(hash(FIRST), hash(SECOND), hash(FIRST));
        assertThat(received.events())
                .allMatch(event -> event.shardId() == 7 && event.shardCount() == 16);
        assertThat(bot.count()).isEqualTo(3);
        assertThat(bot.requests()).isEqualTo(1);
    }

    @Test
    void eachEventHasItsPlaceInTheOrderOfArrivalAndSoHasAGap() throws Exception {
        assertThat(post(1, list(item("abc:1", FIRST)))).isEqualTo(200);
        assertThat(
                        post(
                                3,
                                list(
                                        item("abc:2", FIRST),
                                        item("gap.abc:3", GAP),
                                        item("abc:4", FIRST))))
                .isEqualTo(200);

        List<Long> events = bot.received().events().stream().map(ReceivedEvent::order).toList();
        assertThat(events).isSorted().doesNotHaveDuplicates();
        assertThat(bot.received().gaps()).hasSize(1);
        ReceivedGap gap = bot.received().gaps().getFirst();
        assertThat(gap.payload()).isEqualTo(GAP);
        assertThat(gap.order()).isBetween(events.get(1) + 1, events.get(2) - 1);
    }

    @Test
    void keepsAsManyAsThereIsRoomFor() throws Exception {
        String[] items = new String[7];
        for (int i = 0; i < items.length; i++) {
            items[i] = item("abc:" + (i + 1), FIRST);
        }

        assertThat(post(7, list(items))).isEqualTo(200);

        assertThat(bot.received().events()).hasSize(5);
        assertThat(bot.received().full()).isTrue();
        assertThat(bot.count()).isEqualTo(7);
    }

    @Test
    void theAnswerIsForTheWholeList() throws Exception {
        bot.answer(
                new BotAnswer.Only(
                        event -> event.id().equals("abc:2") && event.attempt() == 1,
                        new BotAnswer.Status(500),
                        new BotAnswer.Ok()));
        String both = list(item("abc:1", FIRST), item("abc:2", FIRST));

        assertThat(post(2, both)).isEqualTo(500);
        assertThat(bot.count()).isZero();
        assertThat(post(1, list(item("abc:1", FIRST)))).isEqualTo(200);
        assertThat(send(request(2, both).setHeader("X-Gw-Attempt", "2"))).isEqualTo(200);

        // What went with a refused one is no redelivery; what was settled is.
        assertThat(bot.received().events())
                .extracting(ReceivedEvent::id)
                .containsExactly("abc:1", "abc:1", "abc:2");
    }

    @Test
    void hangsAndResetsWithoutSettlingAnything() throws Exception {
        String both = list(item("abc:1", FIRST), item("abc:2", FIRST));
        bot.answer(new BotAnswer.Hang());
        assertThatThrownBy(() -> send(request(2, both).timeout(Duration.ofMillis(200))))
                .isInstanceOf(HttpTimeoutException.class);
        bot.answer(new BotAnswer.Reset());
        assertThatThrownBy(() -> post(2, both)).isInstanceOf(IOException.class);
        bot.answer(
                new BotAnswer.Only(
                        event -> event.id().equals("abc:2"),
                        new BotAnswer.Reset(),
                        new BotAnswer.Ok()));
        assertThatThrownBy(() -> post(2, both)).isInstanceOf(IOException.class);
        assertThat(bot.count()).isZero();
        assertThat(bot.received().faults()).isEmpty();

        bot.answer(new BotAnswer.Delay(Duration.ofMillis(50)));
        assertThat(post(2, both)).isEqualTo(200);
        assertThat(bot.count()).isEqualTo(2);
    }

    @Test
    void holdsTheHeadersToTheirForm() throws Exception {
        String one = list(item("abc:1", FIRST));
        for (String size : List.of("0", "-1", "x", "", "10001", "9999999999")) {
            assertThat(send(request(1, one).setHeader("X-Gw-Batch-Size", size)))
                    .as(size)
                    .isEqualTo(400);
        }
        assertThat(send(request(1, one).setHeader("X-Gw-Attempt", "0"))).isEqualTo(400);
        assertThat(send(request(1, one).setHeader("X-Gw-Event-Id", "abc:1"))).isEqualTo(400);
        assertThat(send(request(1, one).setHeader("X-Gw-Shard-Id", "7"))).isEqualTo(400);
        assertThat(send(request(1, one).setHeader("Authorization", "wrong"))).isEqualTo(401);

        assertThat(bot.count()).isZero();
        assertThat(bot.received().faults())
                .containsEntry(SenderFault.HEADERS, 9L)
                .containsEntry(SenderFault.SECRET, 1L);
    }

    @Test
    void saysWhenTheListHoldsAnotherNumberThanItSays() throws Exception {
        String two = list(item("abc:1", FIRST), item("abc:2", FIRST));

        assertThat(post(1, two)).isEqualTo(400);
        assertThat(post(3, two)).isEqualTo(400);

        assertThat(bot.count()).isZero();
        assertThat(bot.received().faults()).containsOnly(entry(SenderFault.BATCH_SIZE, 2));
    }

    private static Map.Entry<SenderFault, Long> entry(SenderFault fault, long count) {
        return Map.entry(fault, count);
    }

    /** A sender that breaks off, or promises what never comes, costs nothing but its connection. */
    @Test
    void aBodyThatIsCutIsNoDelivery() throws Exception {
        String body = list(item("abc:1", FIRST), item("abc:2", FIRST));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bot.url().getPort())) {
            String head =
                    """
                    POST /events HTTP/1.1
                    Host: x
                    Content-Type: application/json
                    Authorization: Bearer secret
                    X-Gw-Batch-Size: 2
                    X-Gw-Attempt: 1
                    Content-Length: 100000

                    """;
            socket.getOutputStream()
                    .write((head.replace("\n", "\r\n") + body).getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(bot.count()).isZero();

        assertThat(post(2, body)).isEqualTo(200);
        assertThat(bot.count()).isEqualTo(2);
    }
}
