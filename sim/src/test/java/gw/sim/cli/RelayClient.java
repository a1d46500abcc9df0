package gw.sim.cli;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/** The simplest gw there could be: one shard, forwards each dispatch, or some, to the bot. */
final class RelayClient implements WebSocket.Listener, AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final BlockingQueue<String> payloads = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private final URI bot;
    private final String token;
    private final LongPredicate forwards;
    private final WebSocket socket;
    private String sessionId = "";
    private int taken;

    RelayClient(SimRun run, LongPredicate forwards) {
        this.bot = run.botUrl().orElseThrow();
        this.token = run.plan().settings().token();
        this.forwards = forwards;
        this.socket =
                http.newWebSocketBuilder()
                        .buildAsync(
                                URI.create(
                                        "ws://127.0.0.1:"
                                                + run.apiUrl().getPort()
                                                + "/?v=10&encoding=json"),
                                this)
                        .join();
    }

    /** Takes and forwards until there were so many dispatches. */
    void awaitForwarded(int dispatches) throws IOException, InterruptedException {
        while (taken < dispatches) {
            String payload = payloads.poll(20, TimeUnit.SECONDS);
            if (payload == null) {
                throw new AssertionError("only " + taken + " of " + dispatches + " came");
            }
            handle(payload);
        }
    }

    private void handle(String payload) throws IOException, InterruptedException {
        JsonNode json = JSON.readTree(payload);
        switch (json.path("op").asInt(-1)) {
            case 0 -> {
                taken++;
                String name = json.path("t").asString("");
                long sequence = json.path("s").asLong(-1);
                if (name.equals("READY")) {
                    sessionId = json.path("d").path("session_id").asString("");
                }
                if (forwards.test(sequence)) {
                    forward(name, sequence, payload);
                }
            }
            case 10 ->
                    send(
                            "{\"op\":2,\"d\":{\"token\":\""
                                    + token
                                    + "\",\"intents\":1,\"shard\":[0,1],\"properties\":{\"os\":"
                                    + "\"linux\",\"browser\":\"x\",\"device\":\"x\"}}}");
            default -> {
                // Of no interest.
            }
        }
    }

    private void send(String payload) {
        var _ = socket.sendText(payload, true).join();
    }

    private void forward(String name, long sequence, String payload)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(bot)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "secret")
                        .header("X-Gw-Event-Id", sessionId + ":" + sequence)
                        .header("X-Gw-Event-Name", name)
                        .header("X-Gw-Shard-Id", "0")
                        .header("X-Gw-Shard-Count", "1")
                        .header("X-Gw-Attempt", "1")
                        .POST(BodyPublishers.ofString("{\"shardId\":0,\"data\":" + payload + "}"))
                        .build();
        int status = http.send(request, BodyHandlers.discarding()).statusCode();
        if (status != 200) {
            throw new AssertionError("the bot says " + status);
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(
            WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            payloads.add(text.toString());
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
