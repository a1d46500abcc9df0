package gw.sim.check;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.bot.Received;
import gw.sim.bot.ReceivedEvent;
import gw.sim.bot.ReceivedGap;
import gw.sim.bot.SenderFault;
import gw.sim.ledger.Ledger;
import gw.sim.ledger.PayloadHash;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The judge of P1, P2 and P3 has to be judged itself: it must see each way of losing. */
class LedgerCheckTest {
    private static final long GUILD = 900;
    private static final long OTHER = 901;

    private long nanos;
    private final Ledger ledger = new Ledger(100, () -> nanos);
    private final List<ReceivedEvent> events = new ArrayList<>();
    private final List<ReceivedGap> gaps = new ArrayList<>();
    private long order;
    private long happened;

    @Test
    void allThatWasSentAndReceivedBalances() {
        send("s", 1, GUILD);
        send("s", 2, 0);
        send("s", 3, GUILD);
        receive("s", 1);
        receive("s", 2);
        receive("s", 3);

        Balance balance = check();

        assertThat(balance.balanced()).isTrue();
        assertThat(balance.sent()).isEqualTo(3);
        assertThat(balance.received()).isEqualTo(3);
        assertThat(balance.explain()).startsWith("balanced: sent 3, received 3, redelivered 0");
    }

    @Test
    void whatNeverCameIsMissing() {
        send("s", 1, GUILD);
        send("s", 2, GUILD);
        receive("s", 1);

        Balance balance = check();

        assertThat(balance.missing()).isEqualTo(1);
        assertThat(balance.balanced()).isFalse();
        assertThat(balance.explain())
                .startsWith("NOT balanced")
                .contains("missing:\n  MESSAGE_CREATE s:2 of guild 900");
    }

    @Test
    void aRedeliveryIsCountedAndAllowed() {
        send("s", 1, GUILD);
        send("s", 2, GUILD);
        receive("s", 1);
        receive("s", 2);
        receive("s", 1);

        Balance balance = check();

        assertThat(balance.redelivered()).isEqualTo(1);
        assertThat(balance.received()).isEqualTo(2);
        assertThat(balance.outOfOrder()).isZero();
        assertThat(balance.balanced()).isTrue();
    }

    @Test
    void theOrderOfAGuildCounts() {
        send("s", 1, GUILD);
        send("s", 2, GUILD);
        receive("s", 2);
        receive("s", 1);

        Balance balance = check();

        assertThat(balance.outOfOrder()).isEqualTo(1);
        assertThat(balance.balanced()).isFalse();
        assertThat(balance.explain()).contains("s:1 of guild 900: came after");
    }

    @Test
    void guildsHaveNoOrderBetweenThem() {
        send("s", 1, GUILD);
        send("s", 2, OTHER);
        send("s", 3, 0);
        receive("s", 3);
        receive("s", 2);
        receive("s", 1);

        assertThat(check().balanced()).isTrue();
    }

    @Test
    void withoutAGuildTheShardsOrderCounts() {
        send("s", 1, 0);
        send("s", 2, 0);
        receive("s", 2);
        receive("s", 1);

        assertThat(check().outOfOrder()).isEqualTo(1);
    }

    @Test
    void theNextSessionComesAfterTheOneBefore() {
        send("old", 1, GUILD);
        send("new", 1, GUILD);
        receive("new", 1);
        receive("old", 1);

        assertThat(check().outOfOrder()).isEqualTo(1);
    }

    @Test
    void otherBytesAreCorruption() {
        send("s", 1, GUILD);
        events.add(new ReceivedEvent("s", 1, "MESSAGE_CREATE", 0, 1, ++order, hash("s:1 ") + 1, 0));

        Balance balance = check();

        assertThat(balance.corrupted()).isEqualTo(1);
        assertThat(balance.balanced()).isFalse();
    }

    @Test
    void anotherNameOrShardIsCorruption() {
        send("s", 1, GUILD);
        send("s", 2, GUILD);
        events.add(new ReceivedEvent("s", 1, "READY", 0, 1, ++order, hash("s:1"), 0));
        events.add(new ReceivedEvent("s", 2, "MESSAGE_CREATE", 3, 4, ++order, hash("s:2"), 0));

        assertThat(check().corrupted()).isEqualTo(2);
    }

    @Test
    void whatWasNeverSentIsUnknown() {
        send("s", 1, GUILD);
        receive("s", 1);
        receive("s", 2);
        receive("stranger", 1);

        Balance balance = check();

        assertThat(balance.unknown()).isEqualTo(2);
        assertThat(balance.balanced()).isFalse();
    }

    @Test
    void anAnnouncedGapIsNoSilentLoss() {
        for (int i = 1; i <= 6; i++) {
            send("s", i, i == 3 ? OTHER : GUILD);
        }
        receive("s", 1);
        queueFull(3, "s:2", "s:5", GUILD);
        receive("s", 6);
        receive("s", 3);

        Balance balance = check();

        assertThat(balance.announcedLost()).isEqualTo(3);
        assertThat(balance.missing()).isZero();
        assertThat(balance.balanced()).isTrue();
    }

    @Test
    void aGapCoversItsOwnGuildAlone() {
        for (int i = 1; i <= 4; i++) {
            send("s", i, i == 3 ? OTHER : GUILD);
        }
        queueFull(2, "s:1", "s:2", GUILD);
        receive("s", 4);

        Balance balance = check();

        assertThat(balance.missing()).isEqualTo(1);
        assertThat(balance.explain()).contains("s:3 of guild 901");
    }

    @Test
    void aGapMustCountWhatIsMissing() {
        for (int i = 1; i <= 4; i++) {
            send("s", i, GUILD);
        }
        queueFull(2, "s:1", "s:3", GUILD);
        receive("s", 4);

        Balance balance = check();

        assertThat(balance.falseGaps()).isEqualTo(1);
        assertThat(balance.balanced()).isFalse();
        assertThat(balance.explain()).contains("it says 2 events, and 3 never came");
    }

    @Test
    void aGapComesWhereItsEventsStood() {
        for (int i = 1; i <= 4; i++) {
            send("s", i, GUILD);
        }
        receive("s", 4);
        queueFull(3, "s:1", "s:3", GUILD);

        assertThat(check().outOfOrder()).isEqualTo(1);
    }

    @Test
    void aGapThatComesTwiceCountsOnce() {
        send("s", 1, GUILD);
        send("s", 2, GUILD);
        queueFull(1, "s:1", "s:1", GUILD);
        queueFull(1, "s:1", "s:1", GUILD);
        receive("s", 2);

        Balance balance = check();

        assertThat(balance.announcedLost()).isEqualTo(1);
        assertThat(balance.balanced()).isTrue();
    }

    @Test
    void aGapAcrossSessionsIsReadByTheLedgersOrder() {
        send("a", 7, GUILD);
        send("b", 1, GUILD);
        send("b", 2, GUILD);
        queueFull(2, "a:7", "b:1", GUILD);
        receive("b", 2);

        assertThat(check().balanced()).isTrue();
    }

    @Test
    void aGapAroundNothingThatWasSentIsFalse() {
        send("s", 1, GUILD);
        receive("s", 1);
        queueFull(1, "x:1", "x:2", GUILD);
        gaps.add(new ReceivedGap("s:0", 0, 1, ++order, "{\"t\":\"GW_GAP\"}"));
        gaps.add(new ReceivedGap("s:0", 0, 1, ++order, "nonsense"));

        assertThat(check().falseGaps()).isEqualTo(3);
    }

    @Test
    void theTailOfALostSessionIsNotOwed() {
        send("s", 1, GUILD);
        send("s", 2, OTHER);
        send("s", 3, GUILD);
        ledger.lost("s");
        receive("s", 1);

        Balance balance = check();

        assertThat(balance.endedWithSession()).isEqualTo(2);
        assertThat(balance.missing()).isZero();
        assertThat(balance.balanced()).isTrue();
    }

    @Test
    void anAnnouncedTailIsAnnounced() {
        send("s", 1, GUILD);
        send("s", 2, GUILD);
        ledger.lost("s");
        receive("s", 1);
        sessionEnded("s");

        Balance balance = check();

        assertThat(balance.announcedLost()).isEqualTo(1);
        assertThat(balance.endedWithSession()).isZero();
        assertThat(balance.balanced()).isTrue();
    }

    @Test
    void aHoleInALostSessionIsALoss() {
        send("s", 1, GUILD);
        send("s", 2, OTHER);
        send("s", 3, GUILD);
        send("s", 4, GUILD);
        ledger.lost("s");
        receive("s", 1);
        receive("s", 3);
        sessionEnded("s");

        Balance balance = check();

        assertThat(balance.missing()).isEqualTo(1);
        assertThat(balance.explain()).contains("s:2 of guild 901");
        assertThat(balance.announcedLost()).isEqualTo(1);
    }

    @Test
    void aSessionThatLivesMustNotBeCalledEnded() {
        send("s", 1, GUILD);
        send("s", 2, GUILD);
        receive("s", 1);
        sessionEnded("s");

        Balance balance = check();

        assertThat(balance.falseGaps()).isEqualTo(1);
        assertThat(balance.missing()).isEqualTo(1);
    }

    @Test
    void brokenRequestsAreNoBalance() {
        send("s", 1, GUILD);
        receive("s", 1);

        Balance balance =
                LedgerCheck.check(
                        ledger,
                        new Received(
                                events, gaps, List.of(), Map.of(SenderFault.SHARD_ID, 2L), false));

        assertThat(balance.balanced()).isFalse();
        assertThat(balance.explain()).contains("broken requests, SHARD_ID: 2");
    }

    @Test
    void aBotThatCouldNotKeepAllProvesNothing() {
        send("s", 1, GUILD);
        receive("s", 1);

        assertThat(
                        LedgerCheck.check(
                                        ledger,
                                        new Received(events, gaps, List.of(), Map.of(), true))
                                .balanced())
                .isFalse();
    }

    @Test
    void whatCameAfterTheLedgerWasFullIsNotJudged() {
        for (int i = 1; i <= 105; i++) {
            send("s", i, GUILD);
            receive("s", i);
        }
        send("late", 1, GUILD);
        receive("late", 1);

        Balance balance = check();

        assertThat(balance.sent()).isEqualTo(100);
        assertThat(balance.unchecked()).isEqualTo(6);
        assertThat(balance.balanced()).isTrue();
        assertThat(balance.explain()).contains("not checked: 6 events");
    }

    @Test
    void latencyIsMeasuredFromSessionToBot() {
        for (int i = 1; i <= 100; i++) {
            nanos = i * 1_000_000L;
            send("s", i, GUILD);
            events.add(
                    new ReceivedEvent(
                            "s",
                            i,
                            "MESSAGE_CREATE",
                            0,
                            1,
                            ++order,
                            hash("s:" + i),
                            nanos + i * 1_000L));
        }

        assertThat(check().latency())
                .hasValue(
                        new Latency(
                                Duration.ofNanos(50_000),
                                Duration.ofNanos(99_000),
                                Duration.ofNanos(100_000),
                                Duration.ofNanos(100_000)));
    }

    @Test
    void theFirstFifteenSecondsAreLeftOutOfTheWarmLatency() {
        for (int i = 1; i <= 20; i++) {
            nanos = i * 1_000_000_000L;
            send("s", i, GUILD);
            long took = i <= 15 ? 500_000_000L : 2_000L;
            events.add(
                    new ReceivedEvent(
                            "s", i, "MESSAGE_CREATE", 0, 1, ++order, hash("s:" + i), nanos + took));
        }
        assertThat(check().warmLatency().orElseThrow().max()).isEqualTo(Duration.ofNanos(2_000));
        assertThat(check().latency().orElseThrow().max()).isEqualTo(Duration.ofMillis(500));
    }

    private Balance check() {
        return LedgerCheck.check(ledger, new Received(events, gaps, List.of(), Map.of(), false));
    }

    private void send(String session, long sequence, long guildId) {
        ledger.sent(
                0,
                1,
                session,
                sequence,
                "MESSAGE_CREATE",
                guildId,
                ++happened,
                (session + ":" + sequence).getBytes(StandardCharsets.US_ASCII));
    }

    private void receive(String session, long sequence) {
        events.add(
                new ReceivedEvent(
                        session,
                        sequence,
                        "MESSAGE_CREATE",
                        0,
                        1,
                        ++order,
                        hash(session + ":" + sequence),
                        nanos));
    }

    private static long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return PayloadHash.of(bytes, 0, bytes.length);
    }

    private void queueFull(int count, String from, String to, long guildId) {
        gaps.add(
                new ReceivedGap(
                        to,
                        0,
                        1,
                        ++order,
                        "{\"t\":\"GW_GAP\",\"s\":null,\"op\":0,\"d\":{\"reason\":\"queue_full\","
                                + "\"events\":"
                                + count
                                + ",\"from\":\""
                                + from
                                + "\",\"to\":\""
                                + to
                                + "\",\"guild_id\":\""
                                + guildId
                                + "\"}}"));
    }

    private void sessionEnded(String session) {
        gaps.add(
                new ReceivedGap(
                        "next:0",
                        0,
                        1,
                        ++order,
                        "{\"t\":\"GW_GAP\",\"s\":null,\"op\":0,\"d\":{\"reason\":"
                                + "\"session_ended\",\"lost_session_id\":\""
                                + session
                                + "\"}}"));
    }
}
