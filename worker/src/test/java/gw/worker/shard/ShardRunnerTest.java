package gw.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.model.Secret;
import gw.model.Session;
import gw.worker.envelope.EnvelopeScanner;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** The shell: no event is forgotten or taken twice, no IDENTIFY is wasted (P1, P5). */
class ShardRunnerTest {
    private static final Session SESSION = new Session("abc", "wss://resume.test", 7);
    private static final String HELLO = "{\"op\":10,\"d\":{\"heartbeat_interval\":41250}}";

    private final RecordedHost host = new RecordedHost();
    private ShardRunner shard = shard(Optional.empty());

    @Test
    void backpressureHoldsASessionButNoConnectionThatHasNoneYet() {
        shard.reading(false);
        identify();
        assertThat(host.reads).isTrue();
        host.says(ready("s1"));
        assertThat(shard.state()).isInstanceOf(ShardState.Ready.class);
        assertThat(host.reads).isFalse();
        shard.reading(true);
        assertThat(host.reads).isTrue();
        shard.reading(false);
        assertThat(host.reads).isFalse();
    }

    @Test
    void backpressureHoldsAReplayOnceHelloIsThere() {
        shard.reading(false);
        shard.input(new ShardInput.Start(Optional.of(SESSION)));
        host.passTimer();
        host.opens();
        assertThat(host.reads).isTrue();
        host.says(HELLO);
        assertThat(shard.state()).isInstanceOf(ShardState.Resuming.class);
        assertThat(host.reads).isFalse();
    }

    /** The supervisor may be away at the very moment: it must hear of the loss later (P1). */
    @Test
    void aLostSessionIsToldUntilRecordsOfTheNextAreDurable() {
        resume();
        host.says("{\"op\":9,\"d\":false}");
        assertThat(host.lastReport().lostSession()).contains("abc");
        assertThat(shard.reportAgain().lostSession()).contains("abc");
        host.passTimer();
        reconnectToIdentify();
        host.says(ready("s1"));
        assertThat(host.lastReport().state()).isInstanceOf(ShardState.Ready.class);
        assertThat(host.lastReport().lostSession()).contains("abc");
        shard.durable("abc", 9);
        assertThat(shard.reportAgain().lostSession()).contains("abc");
        shard.durable("s1", 1);
        assertThat(shard.reportAgain().lostSession()).isEmpty();
    }

    @Test
    void announcesALostSessionOnceAheadOfReady() {
        resume();
        host.says("{\"op\":9,\"d\":false}");
        host.passTimer();
        reconnectToIdentify();
        host.says(ready("s1"));
        host.says(event("TYPING_START", 2));
        assertThat(host.appended)
                .containsExactly("s1 0 GW_GAP " + gap("abc"), "s1 1 READY", "s1 2 TYPING_START");
    }

    /** The worker that lost it may be dead. */
    @Test
    void announcesASessionThatAnotherWorkerLost() {
        shard.announce("old");
        identify();
        host.says(ready("s1"));
        assertThat(host.appended).containsExactly("s1 0 GW_GAP " + gap("old"), "s1 1 READY");
    }

    /**
     * Its worker died between READY and the first record: the next one resumes and sees no READY.
     */
    @Test
    void announcesALostSessionAtTheStartOfOneOfWhichNothingIsKnown() {
        shard.announce("old");
        shard.input(new ShardInput.Start(Optional.of(new Session("s1", "wss://resume", 0))));
        assertThat(host.appended).containsExactly("s1 0 GW_GAP " + gap("old"));
    }

    @Test
    void announcesBothWhenItsOwnSessionIsLostToo() {
        shard.announce("old");
        resume();
        host.says("{\"op\":9,\"d\":false}");
        host.passTimer();
        reconnectToIdentify();
        host.says(ready("s1"));
        assertThat(host.appended)
                .containsExactly(
                        "s1 0 GW_GAP " + gap("old"), "s1 0 GW_GAP " + gap("abc"), "s1 1 READY");
    }

    @Test
    void anEventThatWasNotTakenIsTakenFromTheReplay() {
        resume();
        host.failsToAppend = true;
        assertThatThrownBy(() -> host.says(event("TYPING_START", 8)))
                .isInstanceOf(IllegalStateException.class);
        host.failsToAppend = false;
        assertThat(shard.sequence()).isEqualTo(7);
        host.says(event("TYPING_START", 8));
        assertThat(host.appended).containsExactly("abc 8 TYPING_START");
        assertThat(shard.sequence()).isEqualTo(8);
    }

    @Test
    void goesOnBehindAnEventThatFitsNoRecord() {
        resume();
        host.says(event("X".repeat(65_536), 8));
        host.says(event("TYPING_START", 9));
        assertThat(host.closes).isZero();
        assertThat(host.malformed).containsExactly("event 8 fits no record: it is left out");
        assertThat(host.appended).containsExactly("abc 9 TYPING_START");
    }

    /** RESUME goes out within the very step that tells the interval: it counts too (P5). */
    @Test
    void countsResumeAgainstTheLimitOfItsConnection() {
        resume();
        for (int i = 0; i < 200; i++) {
            host.says("{\"op\":1,\"d\":null}");
        }
        assertThat(host.sent).hasSize(120);
        assertThat(host.sent.getFirst()).startsWith("{\"op\":6");
    }

    @Test
    void anIdentifyThatIsTooLongEndsInWordsAndSpendsNothing() {
        shard = shard(Optional.of("{\"status\":\"" + "x".repeat(4096) + "\"}"));
        identify();
        assertThat(host.sent).isEmpty();
        assertThat(host.released).containsExactly(5L);
        assertThat(host.closes).isEqualTo(1);
        assertThat(host.lastReport().state()).isEqualTo(new ShardState.Fatal(0));
        assertThat(host.lastReport().reason())
                .startsWith("IDENTIFY is 4194")
                .endsWith(
                        "bytes long, and Discord takes at most 4096: shorten presence or"
                                + " properties");
    }

    /** P4: a supervisor that takes the worker over must not take a refusal for a fresh start. */
    @Test
    void tellsAgainWhereItStandsAndWhy() {
        resume();
        host.says("{\"op\":7,\"d\":null}");
        assertThat(shard.reportAgain()).isEqualTo(host.lastReport());
        assertThat(shard.reportAgain().session()).isPresent();
        shard = shard(Optional.empty());
        identify();
        host.closes(4014);
        assertThat(shard.reportAgain()).isEqualTo(host.lastReport());
        assertThat(shard.reportAgain().closeCode()).isEqualTo(4014);
    }

    private static String gap(String session) {
        return "{\"t\":\"GW_GAP\",\"s\":null,\"op\":0,\"d\":{\"reason\":\"session_ended\","
                + "\"lost_session_id\":\""
                + session
                + "\"}}";
    }

    private void resume() {
        shard.input(new ShardInput.Start(Optional.of(SESSION)));
        host.passTimer();
        host.opens();
        host.says(HELLO);
    }

    private static String event(String name, long sequence) {
        return "{\"t\":\"" + name + "\",\"s\":" + sequence + ",\"op\":0,\"d\":{}}";
    }

    private void identify() {
        shard.input(new ShardInput.Start(Optional.empty()));
        reconnectToIdentify();
    }

    private void reconnectToIdentify() {
        shard.input(new ShardInput.Turn());
        host.opens();
        host.says(HELLO);
        shard.input(new ShardInput.Granted(5));
    }

    private static String ready(String session) {
        return "{\"t\":\"READY\",\"s\":1,\"op\":0,\"d\":{\"session_id\":\""
                + session
                + "\",\"resume_gateway_url\":\"wss://resume.test\"}}";
    }

    private ShardRunner shard(Optional<String> presenceJson) {
        ShardMachine machine =
                new ShardMachine(
                        new ShardSettings(
                                "wss://main.test",
                                Duration.ofSeconds(40),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30)),
                        new Random(1));
        return new ShardRunner(
                3,
                16,
                machine,
                new IdentifyFacts(
                        Secret.of("a.b.c"), 1, false, OptionalInt.empty(), presenceJson, Map.of()),
                Duration.ofSeconds(15),
                host,
                new EnvelopeScanner(),
                () -> Instant.EPOCH,
                () -> host.nowNanos);
    }
}
