package gw.supervisor.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;

import gw.model.Secret;
import gw.supervisor.delivery.BatchSettings;
import gw.supervisor.delivery.DeadLetters;
import gw.supervisor.delivery.DeliveryLoop;
import gw.supervisor.delivery.DeliverySettings;
import gw.supervisor.delivery.DeliveryStats;
import gw.supervisor.log.LogLimits;
import gw.supervisor.log.Logs;
import gw.supervisor.log.Records;
import gw.supervisor.log.SegmentLog;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.TrustManagerFactory;

/** Events and the bot's secret go to a bot that proves who it is, or to nobody (P1, P8). */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpsDeliveryTest {
    private record Request(String body, String authorization, int clientPort, String serverNames) {}

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private TestCertificates certificates;
    private Path directory;
    private EventLoopGroup group;
    private EventLoop loop;
    private SegmentLog log;
    private DeadLetters dead;

    @BeforeAll
    void makeCertificates(@TempDir Path keys) throws Exception {
        directory = keys;
        certificates =
                TestCertificates.create(keys)
                        .issue("good", "dns:bot.test")
                        .issue("elsewhere", "dns:elsewhere.test")
                        .issueExpired("expired", "dns:bot.test")
                        .selfSign("self", "dns:bot.test");
    }

    @BeforeEach
    void start(@TempDir Path queue) {
        requests.clear();
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        loop = group.next();
        log = Logs.open(queue, LogLimits.of(100_000_000, 1_000_000), loop);
        dead = new DeadLetters(directory.resolve("dead.jsonl"), 1_000_000, InstantSource.system());
    }

    @AfterEach
    void stop() {
        dead.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void deliversToABotWithATrustedCertificateOverOneConnection() throws Exception {
        HttpsServer bot = bot("good");
        try {
            DeliveryLoop delivery = delivery(url(bot), certificates.trust());
            append(delivery, new Records().add(0, "s", 1, 5, "1").add(0, "s", 2, 5, "2"));
            Request first = next();
            Request second = next();
            assertThat(first.body()).isEqualTo("{\"shardId\":0,\"data\":1}");
            assertThat(second.body()).isEqualTo("{\"shardId\":0,\"data\":2}");
            assertThat(first.authorization()).isEqualTo("Bearer secret");
            assertThat(second.clientPort())
                    .as("the kept-alive connection")
                    .isEqualTo(first.clientPort());
            assertThat(first.serverNames()).as("SNI").contains("bot.test");
            assertThat(delivery.stop(Duration.ofSeconds(10)).get()).isZero();
            DeliveryStats stats = delivery.stats().get();
            assertThat(stats.delivered()).isEqualTo(2);
            assertThat(stats.retries()).isZero();
        } finally {
            bot.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "self, certificate of bot.test comes from no trusted authority",
        "elsewhere, certificate of bot.test is refused: No subject alternative DNS name",
        "expired, certificate of bot.test expired"
    })
    void keepsTheEventFromABotThatDoesNotProveWhoItIs(String certificate, String reason)
            throws Exception {
        HttpsServer bot = bot(certificate);
        try {
            DeliveryLoop delivery = delivery(url(bot), certificates.trust());
            append(delivery, new Records().add(0, "s", 1, 5, "1"));
            assertKept(delivery, "TLS: " + reason);
        } finally {
            bot.stop(0);
        }
    }

    @Test
    void trustsOnlyWhomTheJdkTrustsUnlessTold() throws Exception {
        HttpsServer bot = bot("good");
        try {
            HttpSink sink =
                    new HttpSink(
                            loop,
                            NioSocketChannel::new,
                            settings(url(bot)),
                            InstantSource.system(),
                            System::nanoTime);
            DeliveryLoop delivery = delivery(sink);
            append(delivery, new Records().add(0, "s", 1, 5, "1"));
            assertKept(delivery, "TLS: certificate of bot.test comes from no trusted authority");
        } finally {
            bot.stop(0);
        }
    }

    @Test
    void keepsTheEventWhenTheBotSpeaksNoTls() throws Exception {
        try (ServerSocket plain = listen()) {
            answerAll(plain, "HTTP/1.1 400 Bad Request\r\n\r\n");
            DeliveryLoop delivery = delivery(url(plain.getLocalPort()), certificates.trust());
            append(delivery, new Records().add(0, "s", 1, 5, "1"));
            assertKept(delivery, "TLS: bot.test answers something else than TLS");
        }
    }

    @Test
    void keepsTheEventWhenTheHandshakeHangs() throws Exception {
        // Nobody accepts: the kernel does, and nothing ever answers.
        try (ServerSocket mute = listen()) {
            DeliveryLoop delivery = delivery(url(mute.getLocalPort()), certificates.trust());
            append(delivery, new Records().add(0, "s", 1, 5, "1"));
            assertKept(delivery, "TLS: no handshake within 2000 ms");
        }
    }

    private void assertKept(DeliveryLoop delivery, String reason) throws Exception {
        DeliveryStats stats = delivery.stats().get();
        while (stats.retries() == 0) {
            stats = delivery.stats().get();
        }
        assertThat(stats.lastError()).startsWith(reason).contains("https://bot.test:");
        assertThat(stats.healthy()).isFalse();
        assertThat(stats.log().events()).isEqualTo(1);
        assertThat(stats.delivered() + stats.deadLettered()).isZero();
        assertThat(requests).isEmpty();
    }

    private HttpsServer bot(String certificate) throws Exception {
        HttpsServer bot =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        bot.setHttpsConfigurator(new HttpsConfigurator(certificates.server(certificate)));
        bot.createContext("/", this::take);
        bot.start();
        return bot;
    }

    private void take(HttpExchange exchange) throws IOException {
        ExtendedSSLSession session =
                (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
        requests.add(
                new Request(
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        exchange.getRemoteAddress().getPort(),
                        session.getRequestedServerNames().toString()));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static void answerAll(ServerSocket server, String answer) {
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!server.isClosed()) {
                                try (Socket socket = server.accept()) {
                                    socket.getOutputStream()
                                            .write(answer.getBytes(StandardCharsets.US_ASCII));
                                    var _ = socket.getInputStream().readAllBytes();
                                } catch (IOException e) {
                                    // The client went, or the test is over.
                                    if (server.isClosed()) {
                                        return;
                                    }
                                }
                            }
                        });
    }

    private static URI url(HttpsServer bot) {
        return url(bot.getAddress().getPort());
    }

    private static URI url(int port) {
        return URI.create("https://bot.test:" + port + "/events");
    }

    private Request next() throws InterruptedException {
        Request request = requests.poll(20, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    private void append(DeliveryLoop delivery, Records records) {
        var batch = records.batch();
        loop.execute(() -> {
            assertThat(log.append(batch).problem()).isEmpty();
            delivery.wake();
        });
    }

    private DeliveryLoop delivery(URI url, TrustManagerFactory trust) {
        return delivery(
                new HttpSink(
                        loop,
                        NioSocketChannel::new,
                        settings(url),
                        InstantSource.system(),
                        System::nanoTime,
                        trust));
    }

    private DeliveryLoop delivery(HttpSink sink) {
        return new DeliveryLoop(
                loop,
                log,
                sink,
                dead,
                DeliverySettings.of(4, BatchSettings.NONE, LogLimits.of(100_000_000, 1_000_000)),
                InstantSource.system(),
                new Random(1));
    }

    private static HttpSinkSettings settings(URI url) {
        return new HttpSinkSettings(
                url,
                Optional.of(Secret.of("Bearer secret")),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                "gw-test",
                false);
    }
}
