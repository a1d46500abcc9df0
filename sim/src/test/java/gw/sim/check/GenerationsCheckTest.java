package gw.sim.check;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.bot.Received;
import gw.sim.bot.ReceivedEvent;
import gw.sim.bot.ReceivedGap;
import gw.sim.ledger.Ledger;
import gw.sim.ledger.PayloadHash;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * P1, P2, P3 while two sessions have the same guilds: what happened is owed once, in its order,
 * through either.
 */
class GenerationsCheckTest {
    private static final long GUILD = 900;
    private static final long OTHER = 901;

    private final Ledger ledger = new Ledger(1000, () -> 0);
    private final List<ReceivedEvent> events = new ArrayList<>();
    private final List<ReceivedGap> gaps = new ArrayList<>();
    private long order;

    /** What the sim told one session. */
    private final class Session {
        private final String id;
        private final int shardId;
        private final int shardCount;
        private long sequence;

        Session(String id, int shardId, int shardCount) {
            this.id = id;
            this.shardId = shardId;
            this.shardCount = shardCount;
        }

        Session beside() {
            ledger.beside(id);
            return this;
        }

        long told(long guildId, long happening) {
            sequence++;
            byte[] bytes = bytes(sequence);
            ledger.sent(shardId, shardCount, id, sequence, "EVENT", guildId, happening, bytes);
            return sequence;
        }

        long own(long guildId) {
            return told(guildId, 0);
        }

        void received(long... sequences) {
            for (long one : sequences) {
                byte[] bytes = bytes(one);
                long hash = PayloadHash.of(bytes, 0, bytes.length);
                events.add(
                        new ReceivedEvent(id, one, "EVENT", shardId, shardCount, ++order, hash, 0));
            }
        }

        private byte[] bytes(long of) {
            return (id + ":" + of).getBytes(StandardCharsets.US_ASCII);
        }
    }

    private final Session old = new Session("old", 1, 2);
    private final Session next = new Session("next", 2, 3).beside();

    private Balance check() {
        return LedgerCheck.check(ledger, new Received(events, gaps, List.of(), Map.of(), false));
    }

    /** The same happenings, in the same order, to both. */
    private void bothTold(long... happenings) {
        for (long happening : happenings) {
            old.told(GUILD, happening);
            next.told(GUILD, happening);
        }
    }

    @Test
    void whatTwoSessionsHaveIsOwedOnce() {
        bothTold(1, 2, 3);
        old.received(1, 2);
        next.received(3);

        Balance balance = check();

        assertThat(balance.balanced()).as(balance.explain()).isTrue();
        assertThat(balance.sent()).isEqualTo(6);
        assertThat(balance.received()).isEqualTo(3);
        assertThat(balance.spare()).isEqualTo(3);
        assertThat(balance.missing()).isZero();
    }

    @Test
    void whatCameThroughNoneIsMissingOnce() {
        bothTold(1, 2);
        old.received(1);

        Balance balance = check();

        assertThat(balance.missing()).isEqualTo(1);
        assertThat(balance.spare()).isEqualTo(2);
        assertThat(balance.explain()).contains("missing:\n  EVENT old:2 of guild 900");
    }

    @Test
    void whatCameThroughBothIsDuplicated() {
        bothTold(1, 2);
        old.received(1, 2);
        next.received(2);

        Balance balance = check();

        assertThat(balance.duplicated()).isEqualTo(1);
        assertThat(balance.balanced()).isFalse();
        assertThat(balance.received()).isEqualTo(2);
        assertThat(balance.outOfOrder()).isZero();
        assertThat(balance.explain())
                .contains("duplicated 1,")
                .contains("EVENT next:2 of guild 900: had come through another session");
    }

    /** P3: that is what ids are for. */
    @Test
    void aRedeliveryOfOneIdIsNoDuplicate() {
        bothTold(1);
        next.received(1, 1);

        Balance balance = check();

        assertThat(balance.balanced()).isTrue();
        assertThat(balance.redelivered()).isEqualTo(1);
    }

    /** Two equal TYPING_STARTs are two. */
    @Test
    void equalEventsAreOwedEach() {
        bothTold(1, 2);
        old.received(1);
        next.received(1);

        Balance balance = check();

        assertThat(balance.duplicated()).isEqualTo(1);
        assertThat(balance.missing()).isEqualTo(1);
    }

    @Test
    void theOrderOfAGuildIsThatOfTheHappeningsThroughWhicheverSession() {
        bothTold(1, 2, 3);
        old.received(1, 2);
        next.received(3);
        assertThat(check().outOfOrder()).isZero();
    }

    @Test
    void anEarlierHappeningThroughAnotherSessionIsOutOfOrder() {
        bothTold(1, 2, 3);
        old.received(1);
        next.received(3);
        old.received(2);

        Balance balance = check();

        assertThat(balance.outOfOrder()).isEqualTo(1);
        assertThat(balance.explain())
                .contains("old:2 of guild 900: came after what was sent later: EVENT next:3");
    }

    /** With a skew the later happening may have gone out first, through another session. */
    @Test
    void theOrderInWhichSessionsWereToldDoesNotCount() {
        next.told(GUILD, 1);
        next.told(GUILD, 2);
        next.told(GUILD, 3);
        old.told(GUILD, 1);
        old.told(GUILD, 2);
        old.received(1, 2);
        next.received(3);

        assertThat(check().balanced()).isTrue();
    }

    @Test
    void sessionsMayDifferInTheOrderOfGuilds() {
        old.told(GUILD, 1);
        old.told(OTHER, 2);
        next.told(OTHER, 2);
        next.told(GUILD, 1);
        next.received(1);
        old.received(1);

        assertThat(check().balanced()).isTrue();
    }

    @Test
    void withoutAGuildShardZeroOfEachCountHasOneOrder() {
        Session zero = new Session("zero", 0, 2);
        Session nextZero = new Session("next-zero", 0, 3).beside();
        for (long happening = 1; happening <= 3; happening++) {
            zero.told(0, happening);
            nextZero.told(0, happening);
        }
        zero.received(1);
        nextZero.received(3);
        zero.received(2);

        assertThat(check().outOfOrder()).isEqualTo(1);
    }

    @Test
    void theOwnEventsOfASessionBesideAnotherAreNotOwed() {
        next.own(0);
        next.own(GUILD);
        bothTold(1);
        old.received(1);

        Balance balance = check();

        assertThat(balance.balanced()).as(balance.explain()).isTrue();
        assertThat(balance.spare()).isEqualTo(3);
    }

    @Test
    void whoeverWantsThemMayHaveThemWithTheirBytes() {
        next.own(0);
        next.own(GUILD);
        bothTold(1);
        old.received(1);
        next.received(1);
        events.add(new ReceivedEvent("next", 2, "EVENT", 2, 3, ++order, 17, 0));

        Balance balance = check();

        assertThat(balance.outOfOrder()).isZero();
        assertThat(balance.corrupted()).isEqualTo(1);
    }

    @Test
    void theOwnEventsOfOtherSessionsAreOwed() {
        old.own(0);
        old.own(GUILD);
        old.received(2);

        assertThat(check().missing()).isEqualTo(1);
    }

    @Test
    void anOwnEventHasItsPlaceInItsSession() {
        old.told(GUILD, 1);
        old.own(GUILD);
        old.told(GUILD, 2);
        old.received(1, 3, 2);
        assertThat(check().outOfOrder()).isEqualTo(1);
    }

    /** A happening that G told later is none of an own event's of G+1, and the other way round. */
    @Test
    void ownEventsOfTwoGenerationsHaveNoOrderBetweenThem() {
        next.own(GUILD);
        old.own(GUILD);
        bothTold(1);
        old.received(1, 2);
        next.received(1);

        assertThat(check().balanced()).isTrue();
    }

    /** A reshard to the same count. */
    @Test
    void norHaveThoseOfTwoGenerationsOfOneCount() {
        Session twin = new Session("twin", 1, 2).beside();
        old.told(GUILD, 1);
        twin.own(GUILD);
        twin.received(1);
        old.received(1);

        assertThat(check().balanced()).isTrue();
    }

    @Test
    void theReadyOfASessionComesAfterThatOfTheOneItFollows() {
        Session first = new Session("first", 1, 2);
        Session second = new Session("second", 1, 2);
        first.own(0);
        second.own(0);
        second.received(1);
        first.received(1);

        assertThat(check().outOfOrder()).isEqualTo(1);
    }

    @Test
    void theTailOfASessionThatWasEndedIsOwedThroughTheOther() {
        bothTold(1, 2);
        ledger.lost("old");
        old.received(1);
        assertThat(check().missing()).isEqualTo(1);
        ledger.lost("next");
        assertThat(check().endedWithSession()).isEqualTo(1);
        assertThat(check().balanced()).isTrue();
    }

    @Test
    void theAnnouncementOfOneSessionsEndAccountsForItsTail() {
        bothTold(1, 2);
        ledger.lost("old");
        old.received(1);
        gap("{\"reason\":\"session_ended\",\"lost_session_id\":\"old\"}");

        Balance balance = check();

        assertThat(balance.balanced()).as(balance.explain()).isTrue();
        assertThat(balance.announcedLost()).isEqualTo(1);
    }

    @Test
    void aGapFromOneGenerationIntoTheNextCountsEachHappeningOnce() {
        bothTold(1, 2, 3, 4);
        old.received(1);
        queueFull(2, "old:2", "next:3");
        next.received(4);

        Balance balance = check();

        assertThat(balance.balanced()).as(balance.explain()).isTrue();
        assertThat(balance.announcedLost()).isEqualTo(2);
    }

    @Test
    void whatOneGapCountedTheNextDoesNotCount() {
        bothTold(1, 2, 3, 4);
        queueFull(3, "old:1", "next:3");
        queueFull(1, "next:2", "old:4");

        Balance balance = check();

        assertThat(balance.balanced()).as(balance.explain()).isTrue();
        assertThat(balance.announcedLost()).isEqualTo(4);
    }

    @Test
    void aGapThatCountsCopiesIsFalse() {
        bothTold(1, 2, 3, 4);
        old.received(1);
        queueFull(4, "old:2", "next:3");
        next.received(4);

        assertThat(check().falseGaps()).isEqualTo(1);
    }

    @Test
    void whatIsCountedAddsUp() {
        bothTold(1, 2, 3, 4, 5);
        next.own(0);
        ledger.lost("old");
        ledger.lost("next");
        old.received(1, 2);
        next.received(2, 3);

        Balance balance = check();

        assertThat(balance.sent())
                .isEqualTo(
                        balance.received()
                                + balance.duplicated()
                                + balance.missing()
                                + balance.announcedLost()
                                + balance.endedWithSession()
                                + balance.spare());
    }

    private void queueFull(int count, String from, String to) {
        gap(
                "{\"reason\":\"queue_full\",\"events\":%d,\"from\":\"%s\",\"to\":\"%s\",\"guild_id\":\"%d\"}"
                        .formatted(count, from, to, GUILD));
    }

    private void gap(String data) {
        String payload = "{\"t\":\"GW_GAP\",\"s\":null,\"op\":0,\"d\":" + data + "}";
        gaps.add(new ReceivedGap("gap:0", 1, 2, ++order, payload));
    }
}
