package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.fault.Fault;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Inflater;

/** Messages that are no events; the session outlives them. */
class HostileMessagesTest {
    private TestSim sim;

    @BeforeEach
    void start() throws IOException {
        sim = new TestSim(TestSim.settings());
    }

    @AfterEach
    void stop() {
        sim.close();
    }

    private void assertResumes(RawClient lost) {
        RawClient next = sim.connect();
        next.resume(sim.token(), lost.sessionId(), 11);
        RawClient.Payload last = next.nextOp(0);
        while (!last.name().equals("RESUMED")) {
            last = next.nextOp(0);
        }
        assertThat(sim.discord().ledger().lostSessions()).isEmpty();
        assertThat(sim.discord().stats().violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&compress=zlib-stream", "&compress=zstd-stream"})
    void garbageIsNoEvent(String compress) {
        RawClient client = sim.connect(sim.url(), TestSim.QUERY + compress);
        client.identify(sim.token(), 0, 1);
        client.awaitReady();
        long sent = sim.discord().ledger().count();
        for (int i = 0; i < 12; i++) {
            assertThat(client.nextMessage().bytes()).isNotEmpty();
        }
        sim.discord().inject(new Fault.GarbageFrame());
        RawClient.Message garbage = client.nextMessage();
        assertThat(garbage.binary()).isTrue();
        assertThat(garbage.bytes().length).isBetween(1, 512);
        assertThat(sim.discord().ledger().count()).isEqualTo(sent);
        client.vanish();
        assertResumes(client);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&compress=zlib-stream", "&compress=zstd-stream"})
    void aTruncatedMessageBreaksOff(String compress) {
        RawClient client = sim.connect(sim.url(), TestSim.QUERY + compress);
        client.identify(sim.token(), 0, 1);
        client.awaitReady();
        int before = client.reads();
        sim.discord().inject(new Fault.TruncatedMessage());
        assertThat(client.end()).isEqualTo("closed");
        assertThat(client.reads()).isGreaterThan(before);
        assertThat(client.tryPayload()).isNull();
        assertResumes(client);
    }

    @Test
    void aZlibBombGrowsAThousandfold() throws Exception {
        RawClient client = sim.connect(sim.url(), TestSim.QUERY + "&compress=zlib-stream");
        byte[] hello = client.nextMessage().bytes();
        client.identify(sim.token(), 0, 1);
        List<byte[]> before = new ArrayList<>(List.of(hello));
        for (int i = 0; i < 11; i++) {
            before.add(client.nextMessage().bytes());
        }
        sim.discord().inject(new Fault.CompressionBomb());
        byte[] bomb = client.nextMessage().bytes();
        assertThat(bomb).endsWith(0, 0, 0xff, 0xff);
        Inflater inflater = new Inflater();
        byte[] chunk = new byte[64 * 1024];
        for (byte[] message : before) {
            inflater.setInput(message);
            while (inflater.inflate(chunk) > 0) {
                // Up to the bomb.
            }
        }
        inflater.setInput(bomb);
        long grown = 0;
        for (int n = inflater.inflate(chunk); n > 0; n = inflater.inflate(chunk)) {
            grown += n;
        }
        inflater.end();
        assertThat(grown).isGreaterThan(1000L * bomb.length * 9 / 10);
        assertThat(grown).isGreaterThan(200_000_000);
    }

    @Test
    void aZstdBombGrowsAThousandfold() {
        RawClient client = sim.connect(sim.url(), TestSim.QUERY + "&compress=zstd-stream");
        try (GrowthMeter meter = new GrowthMeter()) {
            meter.feed(client.nextMessage().bytes());
            client.identify(sim.token(), 0, 1);
            for (int i = 0; i < 11; i++) {
                meter.feed(client.nextMessage().bytes());
            }
            sim.discord().inject(new Fault.CompressionBomb());
            byte[] bomb = client.nextMessage().bytes();
            assertThat(meter.feed(bomb))
                    .isGreaterThan(1000L * bomb.length)
                    .isGreaterThan(200_000_000);
        }
    }

    @Test
    void hostileEnvelopesTakeTurnsAndAreNoEvents() {
        RawClient client = sim.ready(0, 1);
        long sent = sim.discord().ledger().count();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 9; i++) {
            sim.discord().inject(new Fault.HostileEnvelope());
            byte[] bytes = client.next().bytes();
            seen.add(new String(bytes, 0, Math.min(80, bytes.length), StandardCharsets.UTF_8));
        }
        assertThat(seen).hasSize(9);
        assertThat(sim.discord().ledger().count()).isEqualTo(sent);
        sim.discord().emit(0);
        assertThat(client.nextOp(0).sequence()).isEqualTo(12);
    }
}
