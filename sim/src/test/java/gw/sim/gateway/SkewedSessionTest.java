package gw.sim.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import gw.sim.ledger.Ledger;

import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** P1: the ledger owes what a session was told, when it was told. */
class SkewedSessionTest {
    private static final Duration SKEW = Duration.ofSeconds(3);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Ledger ledger = new Ledger(100, () -> 0);
    private final Sessions sessions = new Sessions(100);
    private long now;
    private final SimSession session =
            new SimSession(
                    "s",
                    0,
                    1,
                    false,
                    100,
                    ledger,
                    0,
                    1,
                    new Skew(SKEW, channel.eventLoop(), () -> now, new SplittableRandom(1)));

    private void happen() {
        channel.freezeTime();
        sessions.add(session);
        sessions.dispatch(new SimEvent("E", 0, new byte[] {'1'}));
        assertThat(sessions.underWay()).isEqualTo(1);
        assertThat(ledger.count()).isZero();
    }

    private void pass() {
        now += SKEW.toNanos();
        channel.advanceTimeBy(SKEW.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void isToldLaterAndOfItsOwnAtOnce() {
        happen();
        session.dispatch(ServerPayloads.resumed());
        assertThat(ledger.events()).singleElement().matches(event -> event.isOwn());
        pass();
        assertThat(ledger.events()).hasSize(2).last().matches(event -> event.happening() == 1);
        assertThat(sessions.underWay()).isZero();
    }

    @Test
    void isToldNothingAfterItsEnd() {
        happen();
        assertThat(sessions.remove(session)).isTrue();
        pass();
        assertThat(ledger.count()).isZero();
    }
}
