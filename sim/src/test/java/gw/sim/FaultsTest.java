package gw.sim;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.fault.Fault;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Each fault does what it says, and a session that it doesn't end can be resumed. */
class FaultsTest {
    private static final Duration QUIET = Duration.ofMillis(150);
    private static final Duration A_WHILE = Duration.ofSeconds(1);

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

    private void assertEnded(RawClient lost) {
        TestSim.await(() -> sim.discord().ledger().lostSessions().equals(Set.of(lost.sessionId())));
        assertThat(sim.discord().stats().sessionsEnded()).isEqualTo(1);
        RawClient next = sim.connect();
        next.resume(sim.token(), lost.sessionId(), 11);
        assertThat(next.next().op()).isEqualTo(9);
    }

    /** Returns when it is done. */
    private void inject(Fault fault) {
        sim.discord().inject(fault);
        var _ = sim.discord().stats();
    }

    @Test
    void aCodeThatMustNotBeSentIsSentAllTheSame() {
        RawClient client = sim.ready(0, 1);
        inject(new Fault.CloseCode(1006));
        assertThat(client.end()).contains("1006");
        assertResumes(client);
    }

    @Test
    void reconnectIsOp7() {
        RawClient client = sim.ready(0, 1);
        sim.discord().inject(new Fault.Reconnect());
        assertThat(client.next().op()).isEqualTo(7);
        client.close(4200);
        client.end();
        assertResumes(client);
    }

    @Test
    void reconnectBeforeHelloTakesItsPlaceOnSoManyConnections() {
        sim.discord().inject(new Fault.ReconnectBeforeHello(2));
        for (int op : new int[] {7, 7, 10}) {
            assertThat(sim.dial(sim.url(), TestSim.QUERY).awaitUpgrade().next().op()).isEqualTo(op);
        }
    }

    @Test
    void aResumableInvalidSessionCanBeResumedOnTheSameConnection() {
        RawClient client = sim.ready(0, 1);
        sim.discord().inject(new Fault.InvalidSession(true), 0);
        assertThat(client.next().d().asBoolean()).isTrue();
        client.resume(sim.token(), client.sessionId(), 11);
        assertThat(client.next().name()).isEqualTo("RESUMED");
    }

    @Test
    void anInvalidSessionIsOver() {
        RawClient client = sim.ready(0, 1);
        sim.discord().inject(new Fault.InvalidSession(false), 0);
        RawClient.Payload invalid = client.next();
        assertThat(invalid.op()).isEqualTo(9);
        assertThat(invalid.d().asBoolean()).isFalse();
        assertEnded(client);
        client.identify(sim.token(), 0, 1);
        assertThat(client.awaitReady()).hasSize(11);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1011, 4000, 4001, 4002, 4003, 4005, 4008, 4321})
    void closeCodesLeaveTheSession(int code) {
        RawClient client = sim.ready(0, 1);
        sim.discord().inject(new Fault.CloseCode(code));
        assertThat(client.closeCode()).isEqualTo(code);
        assertResumes(client);
    }

    @ParameterizedTest
    @ValueSource(ints = {4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014})
    void someCloseCodesEndTheSession(int code) {
        RawClient client = sim.ready(0, 1);
        sim.discord().inject(new Fault.CloseCode(code));
        assertThat(client.closeCode()).isEqualTo(code);
        assertEnded(client);
    }

    @Test
    void aSilentZombieSaysNothingAndListens() throws Exception {
        RawClient client = sim.ready(0, 1);
        inject(new Fault.SilentZombie());
        sim.discord().emit(0);
        client.heartbeat(11);
        assertThat(client.poll(QUIET)).isNull();
        assertThat(client.isOpen()).isTrue();
        client.close(4200);
        assertThat(client.end()).isEqualTo("closed");
        assertResumes(client);
    }

    @Test
    void aHalfOpenConnectionDoesNotEvenListen() throws Exception {
        RawClient client = sim.ready(0, 1);
        inject(new Fault.HalfOpen());
        sim.discord().emit(0);
        client.heartbeat(11);
        client.close(1000);
        assertThat(client.poll(QUIET)).isNull();
        assertThat(client.isOpen()).isTrue();
        assertResumes(client);
    }

    @Test
    void resetIsATcpReset() {
        RawClient client = sim.ready(0, 1);
        sim.discord().inject(new Fault.Reset());
        assertThat(client.end()).containsIgnoringCase("reset");
        assertResumes(client);
    }

    @Test
    void slowFramesComeInManyReads() {
        RawClient client = sim.ready(0, 1);
        int before = client.reads();
        sim.discord().inject(new Fault.SlowFrames(A_WHILE));
        for (int i = 0; i < 20; i++) {
            sim.discord().emit(0);
        }
        List<RawClient.Payload> got = client.dispatches(20);
        // As many as the system lets them be: on a busy machine some come together.
        assertThat(client.reads() - before).isGreaterThan(25);
        sim.assertExactly(got, client.sessionId(), 11);
        sim.discord().emit(0);
        assertThat(client.nextOp(0).sequence()).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource({"''", "&compress=zlib-stream", "&compress=zstd-stream"})
    void splitFramesComeInManyFragments(String compress) {
        RawClient client = sim.connect(sim.url(), TestSim.QUERY + compress);
        client.identify(sim.token(), 0, 1);
        client.awaitReady();
        while (client.tryMessage() != null) {
            // Only what comes from now on is of interest.
        }
        sim.discord().inject(new Fault.SplitFrames(Duration.ofSeconds(20)));
        for (int i = 0; i < 20; i++) {
            sim.discord().emit(0);
        }
        sim.assertExactly(client.dispatches(20), client.sessionId(), 11);
        int fragments = 0;
        int messages = 0;
        for (var next = client.tryMessage(); next != null; next = client.tryMessage()) {
            fragments += next.frames();
            messages++;
        }
        assertThat(fragments).isGreaterThan(50);
        assertThat(messages > 20).isEqualTo(compress.contains("zlib"));
    }

    @Test
    void aDeadResumeHostSwallowsConnectionsWhileTheMainUrlWorks() throws Exception {
        RawClient first = sim.connect();
        first.identify(sim.token(), 0, 1);
        String resumeUrl = first.awaitReady().getFirst().d().path("resume_gateway_url").asString();
        first.vanish();
        RawClient resumed = sim.connect(resumeUrl, TestSim.QUERY);
        resumed.resume(sim.token(), first.sessionId(), 11);
        assertThat(resumed.next().name()).isEqualTo("RESUMED");

        sim.discord().inject(new Fault.DeadResumeHost(A_WHILE));
        assertThat(resumed.end()).containsIgnoringCase("reset");
        RawClient swallowed = sim.dial(resumeUrl, TestSim.QUERY);
        assertThat(swallowed.poll(QUIET)).isNull();
        assertThat(swallowed.upgraded()).isNotDone();
        assertThat(swallowed.isOpen()).isTrue();
        assertResumes(first);
        assertThat(swallowed.end()).containsIgnoringCase("reset");
        assertThat(sim.connect(resumeUrl, TestSim.QUERY).isOpen()).isTrue();
    }

    @Test
    void refusedConnectsComeBackOnTheSamePort() {
        RawClient client = sim.ready(0, 1);
        sim.discord().inject(new Fault.RefuseConnects(A_WHILE));
        TestSim.await(() ->
                sim.dial(sim.url(), TestSim.QUERY)
                        .upgraded()
                        .handle((_, error) -> error instanceof ConnectException)
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join());
        sim.discord().emit(0);
        assertThat(client.next().op()).isZero();
        TestSim.await(() ->
                sim.dial(sim.url(), TestSim.QUERY)
                        .upgraded()
                        .handle((_, error) -> error == null)
                        .orTimeout(5, TimeUnit.SECONDS)
                        .join());
    }

    @Test
    void resumesBreakForAWhileAndIdentifiesDoNot() {
        RawClient client = sim.ready(0, 1);
        client.vanish();
        sim.discord().inject(new Fault.NoResumes(A_WHILE));
        RawClient broken = sim.connect();
        broken.resume(sim.token(), client.sessionId(), 11);
        assertThat(broken.end()).containsIgnoringCase("reset");
        assertThat(sim.ready(0, 1).sessionId()).isNotEqualTo(client.sessionId());
        TestSim.await(() -> {
            RawClient next = sim.connect();
            next.resume(sim.token(), client.sessionId(), 11);
            try {
                RawClient.Payload answer = next.poll(QUIET);
                return answer != null && answer.op() == 0;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void maintenanceClosesAllAndAnswers503() {
        RawClient client = sim.ready(0, 1);
        RawClient idle = sim.connect();
        sim.discord().inject(new Fault.Maintenance(A_WHILE));
        assertThat(client.end()).isEqualTo("closed");
        assertThat(idle.end()).isEqualTo("closed");
        assertThat(sim.dial(sim.url(), TestSim.QUERY).upgraded())
                .succeedsWithin(RawClient.PATIENCE)
                .isEqualTo(503);
        assertThat(sim.call("GET", "/api/v10/gateway", "").statusCode()).isEqualTo(503);
        assertThat(sim.call("GET", "/sim/stats", "").statusCode()).isEqualTo(200);
        TestSim.await(() -> sim.dial(sim.url(), TestSim.QUERY).upgraded().join() == 101);
        assertResumes(client);
    }

    @Test
    void heartbeatRequestIsOp1() {
        RawClient client = sim.ready(0, 1);
        sim.discord().inject(new Fault.HeartbeatRequest());
        assertThat(client.next().op()).isEqualTo(1);
    }

    @Test
    void aFaultWithoutATargetDoesNothing() {
        sim.discord().inject(new Fault.Reset());
        sim.discord().inject(new Fault.Reset(), 3);
        assertThat(sim.ready(0, 1).isOpen()).isTrue();
    }
}
