package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.gateway.GatewayTimings;
import gw.sim.gateway.SimSettings;
import gw.sim.ledger.PayloadHash;
import gw.sim.ledger.SentEvent;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A sim with clients for one test. */
final class TestSim implements AutoCloseable {
    static final String QUERY = "?v=10&encoding=json";

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeDiscord discord;

    TestSim(SimSettings settings) throws IOException {
        this(settings, GatewayTimings.DISCORD);
    }

    TestSim(SimSettings settings, GatewayTimings timings) throws IOException {
        this.discord = FakeDiscord.start(settings, new NumberedEvents(20), timings);
    }

    /** Ten guilds, no waiting between identifies. */
    static SimSettings settings() {
        return SimSettings.defaults()
                .sized(1, 1, 10)
                .timed(Duration.ZERO, Duration.ofMillis(41_250));
    }

    FakeDiscord discord() {
        return discord;
    }

    String token() {
        return discord.settings().token();
    }

    String url() {
        return "ws://127.0.0.1:" + discord.apiUrl().getPort();
    }

    RawClient dial(String url, String query) {
        return RawClient.dial(group, url, query);
    }

    /** Connected, HELLO taken. */
    RawClient connect() {
        return connect(url(), QUERY);
    }

    RawClient connect(String url, String query) {
        RawClient client = dial(url, query).awaitUpgrade();
        assertThat(client.next().op()).isEqualTo(10);
        return client;
    }

    /** Identified; READY and guilds are taken. */
    RawClient ready(int shardId, int shardCount) {
        RawClient client = connect();
        client.identify(token(), shardId, shardCount);
        client.awaitReady();
        return client;
    }

    HttpResponse<String> call(String method, String path, String authorization) {
        HttpRequest.Builder request =
                request(path).method(method, HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            var _ = request.header("Authorization", authorization);
        }
        return send(request.build());
    }

    /** A call with a JSON body and no Authorization. */
    HttpResponse<String> send(String method, String path, String json) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(json))
                        .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + discord.apiUrl().getPort() + path))
                .timeout(RawClient.PATIENCE);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What the ledger has of one session, in order. */
    List<SentEvent> sent(String sessionId) {
        return discord.ledger().events().stream()
                .filter(event -> event.sessionId().equals(sessionId))
                .toList();
    }

    /** The payloads are exactly the session's dispatches after this sequence. */
    void assertExactly(List<RawClient.Payload> got, String sessionId, long after) {
        assertThat(
                        got.stream()
                                .map(one -> PayloadHash.of(one.bytes(), 0, one.bytes().length))
                                .toList())
                .isEqualTo(
                        sent(sessionId).stream()
                                .filter(event -> event.sequence() > after)
                                .map(SentEvent::payloadHash)
                                .toList());
    }

    long violations(String kind) {
        return discord.stats().violations().getOrDefault(kind, 0L);
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + RawClient.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("it did not come true");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void close() {
        discord.close();
        http.close();
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
