package gw.worker.socket;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.TransportCompression;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;

/**
 * Over TLS the worker talks to Discord or to nobody (P8: the token goes over it), and in bounds
 * (P7).
 */
@Timeout(60)
@ParameterizedClass
@MethodSource("providers")
class GatewayTlsTest {
    private static final String HELLO = "{\"op\":10}";

    private static TestCertificates certificates;

    private final EventLoopGroup group = Transport.best().group(1, "test");
    private final EventLoop loop = group.next();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final SslContext trusting;

    GatewayTlsTest(SslProvider provider) throws Exception {
        trusting = GatewayTls.client(provider, certificates.trust());
    }

    static List<SslProvider> providers() {
        return OpenSsl.isAvailable()
                ? List.of(SslProvider.JDK, SslProvider.OPENSSL)
                : List.of(SslProvider.JDK);
    }

    @BeforeAll
    static void makeCertificates(@TempDir Path keys) throws Exception {
        certificates =
                TestCertificates.create(keys)
                        .issue("good", "dns:gateway.test")
                        .issue("elsewhere", "dns:elsewhere.test")
                        .issueExpired("expired", "dns:gateway.test")
                        .selfSign("self", "dns:gateway.test");
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    void speaksTlsByTheNativeLibraryWhereItIsShipped() {
        assertThat(OpenSsl.unavailabilityCause()).isNull();
        assertThat(GatewayTls.provider()).isEqualTo(SslProvider.OPENSSL);
        assertThat(GatewayTls.trustedByTheJdk()).isInstanceOf(OpenSslContext.class);
    }

    @Test
    void acceptsACertificateOfATrustedAuthority() throws Exception {
        try (RawGateway gateway = gateway("good")) {
            connect(trusting(), gateway.url());
            assertThat(next()).isEqualTo("opened");
            assertThat(next()).isEqualTo("payload " + HELLO);
        }
    }

    @Test
    void saysWhichHostItWants() throws Exception {
        try (RawGateway gateway = gateway("good")) {
            connect(trusting(), gateway.url());
            assertThat(next()).isEqualTo("opened");
            SSLSocket socket = (SSLSocket) gateway.peer().socket;
            assertThat(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames())
                    .containsExactly(new SNIHostName("gateway.test"));
        }
    }

    @Test
    void refusesASelfSignedCertificate() throws Exception {
        try (RawGateway gateway = gateway("self")) {
            connect(trusting(), gateway.url());
            assertThat(next())
                    .startsWith(
                            "closed CONNECT_FAILED 0 TLS: certificate of gateway.test comes from no"
                                    + " trusted authority: ");
            assertNothingWasSaidTo(gateway);
        }
    }

    @Test
    void trustsOnlyWhomTheJdkTrustsUnlessTold() throws Exception {
        try (RawGateway gateway = gateway("good")) {
            connect(
                    new GatewaySockets(
                            Transport.best(), loop, Duration.ofSeconds(10), 1024, _ -> {}),
                    gateway.url());
            assertThat(next())
                    .startsWith(
                            "closed CONNECT_FAILED 0 TLS: certificate of gateway.test comes from no"
                                    + " trusted authority: ");
            assertNothingWasSaidTo(gateway);
        }
    }

    @Test
    void refusesTheCertificateOfAnotherHost() throws Exception {
        try (RawGateway gateway = gateway("elsewhere")) {
            connect(trusting(), gateway.url());
            assertThat(next())
                    .startsWith(
                            "closed CONNECT_FAILED 0 TLS: certificate of gateway.test is refused: ")
                    .contains("matching gateway.test");
            assertNothingWasSaidTo(gateway);
        }
    }

    @Test
    void refusesAnExpiredCertificate() throws Exception {
        try (RawGateway gateway = gateway("expired")) {
            connect(trusting(), gateway.url());
            assertThat(next())
                    .startsWith(
                            "closed CONNECT_FAILED 0 TLS: certificate of gateway.test expired: ");
            assertNothingWasSaidTo(gateway);
        }
    }

    @Test
    void doesNotWaitForeverForTheHandshake() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (RawGateway gateway = new RawGateway(_ -> hang(over))) {
            connect(trusting(Duration.ofMillis(200)), gateway.url().replace("ws:", "wss:"));
            assertThat(next()).isEqualTo("closed CONNECT_FAILED 0 TLS: no handshake within 200 ms");
        } finally {
            over.countDown();
        }
    }

    @Test
    void saysThatTheOtherSideSpeaksNoTls() throws Exception {
        try (RawGateway gateway =
                new RawGateway(peer -> {
                    peer.write(
                            "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    var _ = peer.socket.getInputStream().readAllBytes();
                })) {
            connect(trusting(), gateway.url().replace("ws:", "wss:"));
            assertThat(next())
                    .isEqualTo(
                            "closed CONNECT_FAILED 0 TLS: 127.0.0.1 answers something else than"
                                    + " TLS");
            loop.submit(() -> {}).get();
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void endsOnceWhenTheOtherSideLeavesDuringTheHandshake() throws Exception {
        try (RawGateway gateway =
                new RawGateway(peer -> {
                    var _ = peer.socket.getInputStream().read();
                })) {
            connect(trusting(), gateway.url().replace("ws:", "wss:"));
            assertThat(next()).startsWith("closed CONNECT_FAILED 0 ");
            loop.submit(() -> {}).get();
            assertThat(heard).isEmpty();
        }
    }

    /** What full sockets cost once the worker, after a pause, turns to them again. */
    @Test
    void manyFullSocketsTakeLittleMemory() throws Exception {
        int connections = 6;
        CountDownLatch all = new CountDownLatch(connections);
        long[] most = {0};
        byte[] event = "y".repeat(9_000).getBytes(StandardCharsets.US_ASCII);
        try (RawGateway gateway =
                new RawGateway(
                        certificates.server("good"),
                        peer -> {
                            peer.upgrade();
                            for (int i = 0; i < 800; i++) {
                                peer.frame(true, 1, event);
                            }
                            peer.text("end");
                            peer.readAll();
                        })) {
            var metric = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
            long before = metric.usedDirectMemory();
            GatewaySockets sockets = trusting();
            for (int i = 0; i < connections; i++) {
                loop.execute(() -> {
                    GatewaySocket socket =
                            sockets.connect(
                                    gateway.url(),
                                    10,
                                    TransportCompression.NONE,
                                    new Heard() {
                                        @Override
                                        public void payload(byte[] bytes, int offset, int length) {
                                            most[0] = Math.max(most[0], metric.usedDirectMemory());
                                            if (length == 3) {
                                                all.countDown();
                                            }
                                        }
                                    });
                    socket.reading(false);
                    var _ = loop.schedule(() -> socket.reading(true), 1_000, TimeUnit.MILLISECONDS);
                });
            }
            assertThat(all.await(40, TimeUnit.SECONDS)).as("all events of all sockets").isTrue();
            assertThat(most[0] - before).isLessThan(connections * 2L * 1024 * 1024);
        }
    }

    private RawGateway gateway(String certificate) throws Exception {
        return new RawGateway(
                certificates.server(certificate),
                peer -> {
                    peer.upgrade();
                    peer.text(HELLO);
                    peer.readAll();
                });
    }

    private GatewaySockets trusting() {
        return trusting(Duration.ofSeconds(10));
    }

    private GatewaySockets trusting(Duration stepTimeout) {
        return new GatewaySockets(
                Transport.best(), loop, stepTimeout, 1024 * 1024, _ -> {}, () -> trusting);
    }

    private void connect(GatewaySockets sockets, String url) {
        loop.execute(() -> sockets.connect(url, 10, TransportCompression.NONE, new Heard()));
    }

    private void assertNothingWasSaidTo(RawGateway gateway) throws InterruptedException {
        RawGateway.Frame end = gateway.peer().frames.poll(10, TimeUnit.SECONDS);
        assertThat(end).isNotNull();
        assertThat(end.opcode()).as("the end of the connection").isEqualTo(-1);
        assertThat(gateway.requests).isEmpty();
        assertThat(heard).isEmpty();
    }

    private static void hang(CountDownLatch until) {
        try {
            var _ = until.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String next() throws InterruptedException {
        String line = heard.poll(20, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("nothing was heard");
        }
        return line;
    }

    private class Heard implements SocketListener {
        @Override
        public void opened() {
            heard.add("opened");
        }

        @Override
        public void inbound() {}

        @Override
        public void payload(byte[] bytes, int offset, int length) {
            heard.add("payload " + new String(bytes, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void readComplete() {}

        @Override
        public void closed(SocketClose close) {
            heard.add("closed " + close.cause() + " " + close.code() + " " + close.reason());
        }
    }
}
