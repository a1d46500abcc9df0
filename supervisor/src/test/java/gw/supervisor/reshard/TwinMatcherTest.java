package gw.supervisor.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import gw.supervisor.reshard.TwinMatcher.Held;

import org.junit.jupiter.api.Test;

import java.util.List;

/** P1, P2, P3: what both generations have goes out once, what only one has is not swallowed. */
class TwinMatcherTest {
    private static final long GUILD = 5;
    private static final long SECOND = 1_000_000;
    private static final long A = 11;
    private static final long B = 12;
    private static final long C = 13;

    private final TwinMatcher matcher = new TwinMatcher();
    private long offset;

    @Test
    void pairsWhicheverComesFirst() {
        matcher.live(GUILD, A, 0);
        shadow(A, 1);
        shadow(B, 2);
        assertThat(held()).containsExactly(1L);
        matcher.live(GUILD, B, 3);
        assertThat(held()).isEmpty();
        assertThat(matcher.heldCount()).isZero();
        assertThat(matcher.pairs()).isEqualTo(2);
        // Neither is anybody's twin any more.
        assertThat(matcher.take(GUILD, A, 4)).isFalse();
        assertThat(matcher.take(GUILD, B, 4)).isFalse();
    }

    @Test
    void twoEqualEventsAreTwo() {
        matcher.live(GUILD, A, 0);
        matcher.live(GUILD, A, 1);
        shadow(A, 2);
        shadow(A, 3);
        shadow(A, 4);
        assertThat(held()).containsExactly(2L);
        matcher.live(GUILD, A, 5);
        assertThat(held()).isEmpty();
        assertThat(matcher.pairs()).isEqualTo(3);
    }

    @Test
    void theSameContentInAnotherGuildOrShardIsAnother() {
        matcher.live(GUILD, A, 0);
        matcher.live(-1, B, 0);
        assertThat(matcher.take(GUILD + 1, A, 1)).isFalse();
        assertThat(matcher.take(-2, B, 1)).isFalse();
        assertThat(matcher.take(GUILD, A, 1)).isTrue();
        assertThat(matcher.take(-1, B, 1)).isTrue();
    }

    /** A came before the next generation began: it is not the twin of the A that comes later. */
    @Test
    void whatWasPassedOverSwallowsNothing() {
        matcher.live(GUILD, A, 0);
        matcher.live(GUILD, B, SECOND);
        shadow(B, 2 * SECOND);
        shadow(A, 3 * SECOND);
        assertThat(held()).hasSize(1);
        assertThat(matcher.take(GUILD, A, 3 * SECOND)).isFalse();
    }

    @Test
    void whatWasPassedOverByALiveOneSwallowsNothing() {
        matcher.live(GUILD, A, 0);
        shadow(B, SECOND);
        matcher.live(GUILD, B, 2 * SECOND);
        assertThat(matcher.take(GUILD, A, 3 * SECOND)).isFalse();
    }

    @Test
    void aSmallReorderWithinAGuildStillPairs() {
        matcher.live(GUILD, A, 0);
        matcher.live(GUILD, B, 0);
        matcher.live(GUILD, C, 0);
        shadow(C, SECOND);
        shadow(B, SECOND + 100_000);
        shadow(A, SECOND + 400_000);
        assertThat(held()).isEmpty();
        shadow(C, 2 * SECOND);
        shadow(B, 2 * SECOND);
        matcher.live(GUILD, B, 3 * SECOND);
        matcher.live(GUILD, C, 3 * SECOND);
        assertThat(held()).isEmpty();
        assertThat(matcher.pairs()).isEqualTo(5);
    }

    /**
     * What only one of them had before leaves one that has no twin, whichever of the equal ones.
     */
    @Test
    void ofEqualOnesAsManyStayHeldAsHaveNoTwin() {
        shadow(A, 0);
        shadow(B, SECOND);
        matcher.live(GUILD, B, SECOND);
        matcher.live(GUILD, A, 2 * SECOND);
        shadow(A, 3 * SECOND);
        assertThat(held()).hasSize(1);
        assertThat(matcher.pairs()).isEqualTo(2);
    }

    /** P3: the serving shard's worker died, and its successor has everything replayed. */
    @Test
    void whatIsHeldFindsItsTwinHoweverLateThatComes() {
        // The next one had not begun, and this has no twin.
        matcher.live(GUILD, C, 0);
        shadow(A, SECOND);
        shadow(B, SECOND + 1);
        shadow(C, SECOND + 2);
        var _ = matcher.mostApart(2 * SECOND);
        matcher.live(GUILD, A, 6 * SECOND);
        matcher.live(GUILD, B, 6 * SECOND + 1);
        matcher.live(GUILD, C, 6 * SECOND + 2);
        assertThat(held()).isEmpty();
    }

    @Test
    void whatIsNotHeldIsNobodysTwinForEver() {
        matcher.shadow(new Held(GUILD, A, -1, 10, 0));
        var _ = matcher.mostApart(SECOND);
        matcher.live(GUILD, A, 2 * SECOND);
        shadow(A, 2 * SECOND);
        assertThat(held()).isEmpty();
    }

    /** The one in order is taken before one that was passed over. */
    @Test
    void theOneInOrderIsNearer() {
        matcher.live(GUILD, A, 0);
        matcher.live(GUILD, B, 0);
        matcher.live(GUILD, A, 0);
        assertThat(matcher.take(GUILD, B, 1)).isTrue();
        assertThat(matcher.take(GUILD, A, 2)).isTrue();
        assertThat(matcher.take(GUILD, B, 2)).isFalse();
        // The first one is late, and waits no longer than that.
        assertThat(matcher.take(GUILD, A, SECOND)).isFalse();
    }

    @Test
    void heldOnesAreInTheOrderInWhichTheyCame() {
        for (long guild : new long[] {9, 2, 7, -3, 2, 9}) {
            matcher.shadow(new Held(guild, A + offset, offset, 10, offset));
            offset += 100;
        }
        matcher.live(7, A + 200, 1);
        assertThat(matcher.held())
                .extracting(Held::offset)
                .containsExactly(0L, 100L, 300L, 400L, 500L);
        matcher.releaseAll();
        assertThat(matcher.held()).isEmpty();
        assertThat(matcher.heldCount()).isZero();
    }

    /** What the other one has had before it is of no concern; what is not kept is not held. */
    @Test
    void whatNeedNotBeToldPairsButIsNotHeld() {
        matcher.shadow(new Held(GUILD, A, -1, 10, 0));
        matcher.shadow(new Held(GUILD, B, -1, 10, 0));
        assertThat(matcher.heldCount()).isZero();
        matcher.live(GUILD, B, 1);
        assertThat(matcher.pairs()).isEqualTo(1);
        assertThat(matcher.take(GUILD, B, 2)).isFalse();
    }

    @Test
    void whatIsReleasedLeavesTheOthersNotes() {
        matcher.live(GUILD, A, 0);
        shadow(B, 1);
        matcher.releaseAll();
        matcher.live(GUILD, B, 2);
        assertThat(matcher.take(GUILD, A, 3)).isTrue();
        assertThat(matcher.take(GUILD, B, 3)).isTrue();
    }

    @Test
    void whatWasPutBackIsTakenAgain() {
        matcher.live(GUILD, A, 0);
        matcher.live(GUILD, B, 1);
        assertThat(matcher.take(GUILD, A, 2)).isTrue();
        assertThat(matcher.take(GUILD, B, 2)).isTrue();
        matcher.putBack(GUILD, B, 2);
        matcher.putBack(GUILD, A, 2);
        assertThat(matcher.pairs()).isZero();
        assertThat(matcher.take(GUILD, A, 3)).isTrue();
        assertThat(matcher.take(GUILD, B, 3)).isTrue();
        assertThat(matcher.take(GUILD, A, 3)).isFalse();
        assertThat(matcher.pairs()).isEqualTo(2);
    }

    @Test
    void whatIsTooOldHasNoTwinButStaysHeld() {
        matcher.live(GUILD, A, 10);
        matcher.live(GUILD, B, 20);
        shadow(C, 10);
        matcher.shadow(new Held(GUILD, C, -1, 10, 10));
        matcher.forgetBefore(20);
        assertThat(matcher.heldCount()).isEqualTo(1);
        assertThat(matcher.take(GUILD, A, 21)).isFalse();
        assertThat(matcher.take(GUILD, B, 21)).isTrue();
        matcher.live(GUILD, C, 21);
        assertThat(matcher.heldCount()).isZero();
        // The one that was not kept is forgotten.
        matcher.live(GUILD, C, 22);
        assertThat(matcher.take(GUILD, C, 23)).isTrue();
    }

    @Test
    void doubtfulIsWhatShouldHaveComeByBoth() {
        shadow(A, 10);
        shadow(B, 20);
        shadow(C, 30);
        assertThat(matcher.held())
                .extracting(one -> one.isDoubtful(20))
                .containsExactly(true, false, false);
        // The other one had B, and never A.
        matcher.live(GUILD, B, 40);
        assertThat(matcher.held())
                .extracting(one -> one.isDoubtful(5))
                .containsExactly(true, false);
    }

    @Test
    void afterAnEndItKnowsNothing() {
        matcher.live(GUILD, A, 0);
        shadow(A, 0);
        matcher.live(GUILD, A, 0);
        shadow(B, 0);
        matcher.clear();
        assertThat(matcher.pairs()).isZero();
        assertThat(matcher.held()).isEmpty();
        assertThat(matcher.take(GUILD, A, 0)).isFalse();
        matcher.live(GUILD, B, 0);
        assertThat(matcher.pairs()).isZero();
    }

    private void shadow(long key, long micros) {
        matcher.shadow(new Held(GUILD, key, offset, 10, micros));
        offset++;
    }

    private List<Long> held() {
        return matcher.held().stream().map(Held::offset).toList();
    }
}
