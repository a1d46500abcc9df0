package gw.worker.socket;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.TransportCompression;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DeflaterOutputStream;

/** A connection ends once, with its reason, and never ends a session unasked (P4, P7). */
@Timeout(30)
class GatewaySocketTest {
    private static final long MAX = 1024 * 1024;

    private final EventLoopGroup group = Transport.best().group(1, "test");
    private final EventLoop loop = group.next();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicLong readCompletes = new AtomicLong();
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong inbounds = new AtomicLong();
    private final GatewaySockets sockets = sockets(Duration.ofSeconds(5));

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void opensWithTheQueryThatDiscordWants() throws Exception {
        try (RawGateway gateway = upgraded(peer -> peer.text("{\"op\":10}"))) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.ZLIB_STREAM);
            expect("opened", "payload {\"op\":10}");
            assertThat(gateway.requests.poll(5, TimeUnit.SECONDS))
                    .startsWith("GET /?v=10&encoding=json&compress=zlib-stream HTTP/1.1");
            assertThat(bytesIn).hasPositiveValue();
            // The read that brought the payload is over once the loop runs something else.
            loop.submit(() -> {}).get();
            assertThat(readCompletes).hasPositiveValue();
        }
    }

    @Test
    void sendsAndSaysWhenItIsWritten() throws Exception {
        try (RawGateway gateway = upgraded(peer -> {})) {
            GatewaySocket socket = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            loop.execute(() ->
                    socket.send(
                            "{\"op\":1}".getBytes(StandardCharsets.UTF_8),
                            () -> heard.add("written")));
            expect("written");
            RawGateway.Frame frame = gateway.peer().frames.poll(5, TimeUnit.SECONDS);
            assertThat(frame).isNotNull();
            assertThat(frame.text()).isEqualTo("{\"op\":1}");
        }
    }

    @Test
    void joinsFragmentsAlsoWithAPingBetween() throws Exception {
        try (RawGateway gateway =
                upgraded(peer -> {
                    peer.frame(false, 1, "{\"op".getBytes(StandardCharsets.UTF_8));
                    peer.frame(true, 9, new byte[] {7});
                    peer.frame(false, 0, "\":".getBytes(StandardCharsets.UTF_8));
                    peer.frame(true, 0, "11}".getBytes(StandardCharsets.UTF_8));
                })) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            expectStart("payload {\"op\":11}");
            RawGateway.Frame pong = gateway.peer().frames.poll(5, TimeUnit.SECONDS);
            assertThat(pong).isNotNull();
            assertThat(pong.opcode()).isEqualTo(10);
            assertThat(pong.content()).containsExactly(7);
        }
    }

    /** A large message that drips in is no silence, long before it is whole. */
    @Test
    void tellsOfBytesThatMakeUpNoPayloadYet() throws Exception {
        try (RawGateway gateway =
                upgraded(peer -> {
                    peer.readAllUntil("go");
                    peer.frame(false, 1, "{\"op".getBytes(StandardCharsets.UTF_8));
                    peer.frame(true, 9, new byte[] {7});
                })) {
            GatewaySocket socket = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            long before = inbounds.get();
            loop.execute(() -> socket.send("go".getBytes(StandardCharsets.UTF_8), () -> {}));
            // The pong says that the ping, and so the fragment before it, was read.
            RawGateway.Peer peer = gateway.peer();
            RawGateway.Frame pong = peer.frames.poll(5, TimeUnit.SECONDS);
            while (pong != null && pong.opcode() != 10) {
                pong = peer.frames.poll(5, TimeUnit.SECONDS);
            }
            assertThat(pong).isNotNull();
            assertThat(inbounds.get()).isGreaterThan(before);
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void closesWithOurOwnCodeAlsoWhenTheOtherSideIsMute() throws Exception {
        try (RawGateway gateway = upgraded(peer -> {})) {
            GatewaySocket socket = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            loop.execute(() -> socket.close(4900, "restart"));
            expect("closed LOCAL 4900 restart");
            RawGateway.Frame close = gateway.peer().frames.poll(5, TimeUnit.SECONDS);
            assertThat(close).isNotNull();
            assertThat(close.closeCode()).isEqualTo(4900);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void tellsTheCloseCodeThatDiscordSent() throws Exception {
        try (RawGateway gateway = upgraded(peer -> peer.close(4004))) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            expectStart("closed REMOTE 4004 ");
        }
    }

    @Test
    void tellsAResetFromAClose() throws Exception {
        try (RawGateway gateway =
                new RawGateway(peer -> {
                    peer.upgrade();
                    peer.socket.setSoLinger(true, 0);
                })) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            assertThat(next()).startsWith("closed TRANSPORT 0");
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        GatewaySocket _ = connect("ws://127.0.0.1:" + port, TransportCompression.NONE);
        assertThat(next()).startsWith("closed CONNECT_FAILED 0").contains("refused");
    }

    @Test
    void refusesAUrlThatIsNone() throws Exception {
        GatewaySocket _ = connect("http://example.invalid", TransportCompression.NONE);
        assertThat(next()).startsWith("closed CONNECT_FAILED 0 gateway URL");
    }

    @Test
    void doesNotWaitForeverForTheUpgrade() throws Exception {
        try (RawGateway gateway = new RawGateway(peer -> peer.readAll())) {
            GatewaySockets hasty = sockets(Duration.ofMillis(200));
            loop.execute(
                    () -> hasty.connect(gateway.url(), 10, TransportCompression.NONE, listener()));
            assertThat(next())
                    .isEqualTo("closed CONNECT_FAILED 0 no answer to the upgrade within 200 ms");
        }
    }

    @Test
    void saysWhatRefusedTheUpgrade() throws Exception {
        try (RawGateway gateway =
                new RawGateway(peer ->
                        peer.write(
                                "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII)))) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.NONE);
            assertThat(next()).isEqualTo("closed CONNECT_FAILED 0 upgrade refused: HTTP 503");
        }
    }

    @Test
    void survivesAnUpgradeThatNeverEnds() throws Exception {
        try (RawGateway gateway =
                new RawGateway(peer -> {
                    peer.write("HTTP/1.1 101 X\r\n".getBytes(StandardCharsets.US_ASCII));
                    byte[] header =
                            ("X: " + "y".repeat(1000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                    for (int i = 0; i < 10_000; i++) {
                        peer.write(header);
                    }
                })) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.NONE);
            assertThat(next()).startsWith("closed CONNECT_FAILED 0");
        }
    }

    @Test
    void neverSaysACloseCodeOfItsOwnAtAProtocolError() throws Exception {
        try (RawGateway gateway =
                upgraded(peer ->
                        peer.write(new byte[] {(byte) 0xff, 0x7f, 1, 2, 3, 4, 5, 6, 7, 8, 9}))) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            assertThat(next()).startsWith("closed PROTOCOL 0");
            assertNoCloseFrame(gateway.peer());
        }
    }

    @Test
    void endsAMessageThatIsTooLargeBeforeItIsWhole() throws Exception {
        try (RawGateway gateway =
                upgraded(peer -> {
                    byte[] part = new byte[64 * 1024];
                    peer.frame(false, 2, part);
                    for (int i = 0; i < 100; i++) {
                        peer.frame(false, 0, part);
                    }
                })) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            expectStart("closed PROTOCOL 0 message is larger than 1048576 bytes");
            assertNoCloseFrame(gateway.peer());
        }
    }

    @Test
    void endsABomb() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream zlib = new DeflaterOutputStream(bomb)) {
            zlib.write(new byte[50 * 1024 * 1024]);
        }
        try (RawGateway gateway = upgraded(peer -> peer.frame(true, 2, bomb.toByteArray()))) {
            GatewaySocket _ = connect(gateway.url(), TransportCompression.PAYLOAD);
            expect("opened");
            expectStart("closed PROTOCOL 0 message is larger than 1048576 bytes");
        }
    }

    @ParameterizedTest
    @EnumSource(value = TransportCompression.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void endsOnDamagedCompression(TransportCompression compression) throws Exception {
        byte[] garbage =
                "this is not compressed at all \0\0\377\377".getBytes(StandardCharsets.ISO_8859_1);
        try (RawGateway gateway = upgraded(peer -> peer.frame(true, 2, garbage))) {
            GatewaySocket _ = connect(gateway.url(), compression);
            expect("opened");
            expectStart("closed PROTOCOL 0 ");
        }
    }

    @Test
    void backpressureStopsTheReading() throws Exception {
        try (RawGateway gateway =
                upgraded(peer -> {
                    peer.readAllUntil("go");
                    peer.text("{\"n\":1}");
                    peer.readAllUntil("again");
                    peer.text("{\"n\":2}");
                })) {
            GatewaySocket socket = connect(gateway.url(), TransportCompression.NONE);
            expect("opened");
            loop.execute(() -> {
                socket.reading(false);
                socket.send("go".getBytes(StandardCharsets.UTF_8), () -> {});
                socket.send("again".getBytes(StandardCharsets.UTF_8), () -> heard.add("written"));
            });
            expect("written");
            assertThat(heard.poll(200, TimeUnit.MILLISECONDS)).isNull();
            loop.execute(() -> socket.reading(true));
            expectStart("payload {\"n\":1}");
            expectStart("payload {\"n\":2}");
        }
    }

    private GatewaySockets sockets(Duration stepTimeout) {
        return new GatewaySockets(Transport.best(), loop, stepTimeout, MAX, bytesIn::addAndGet);
    }

    private GatewaySocket connect(String url, TransportCompression compression) throws Exception {
        return loop.submit(() -> sockets.connect(url, 10, compression, listener())).get();
    }

    private RawGateway upgraded(RawGateway.Script script) {
        return new RawGateway(peer -> {
            peer.upgrade();
            script.run(peer);
            peer.readAll();
        });
    }

    private static void assertNoCloseFrame(RawGateway.Peer peer) throws InterruptedException {
        RawGateway.Frame frame = peer.frames.poll(300, TimeUnit.MILLISECONDS);
        assertThat(frame == null || frame.opcode() == -1)
                .as("nothing but the end of the connection, but it was %s", frame)
                .isTrue();
    }

    private void expect(String... lines) throws InterruptedException {
        for (String line : lines) {
            assertThat(next()).isEqualTo(line);
        }
    }

    private void expectStart(String prefix) throws InterruptedException {
        assertThat(next()).startsWith(prefix);
    }

    private String next() throws InterruptedException {
        String line = heard.poll(10, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("nothing was heard");
        }
        return line;
    }

    private SocketListener listener() {
        return new SocketListener() {
            @Override
            public void opened() {
                heard.add("opened");
            }

            @Override
            public void inbound() {
                inbounds.incrementAndGet();
            }

            @Override
            public void payload(byte[] bytes, int offset, int length) {
                heard.add("payload " + new String(bytes, offset, length, StandardCharsets.UTF_8));
            }

            @Override
            public void readComplete() {
                readCompletes.incrementAndGet();
            }

            @Override
            public void closed(SocketClose close) {
                heard.add("closed " + close.cause() + " " + close.code() + " " + close.reason());
            }
        };
    }
}
