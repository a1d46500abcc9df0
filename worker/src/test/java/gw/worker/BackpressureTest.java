package gw.worker;

import static org.assertj.core.api.Assertions.assertThat;

import gw.worker.Backpressure.Change;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

/** What waits for the supervisor is bounded, also in a burst (P7). */
class BackpressureTest {
    private static final long MEGABYTE = 1024 * 1024;

    private long now = 5_000;
    private final Backpressure backpressure = new Backpressure(() -> now);

    BackpressureTest() {
        backpressure.limit(32 * MEGABYTE);
    }

    @Test
    void takesABurstInPiecesWhileAcksCome() {
        backpressure.acked();
        assertThat(backpressure.check(8 * MEGABYTE, false)).isEqualTo(Change.NONE);
        assertThat(backpressure.check(8 * MEGABYTE + 1, false)).isEqualTo(Change.PAUSE);
        assertThat(backpressure.words()).isEmpty();
        assertThat(backpressure.check(5 * MEGABYTE, false)).isEqualTo(Change.NONE);
        assertThat(backpressure.check(4 * MEGABYTE - 1, false)).isEqualTo(Change.GO_ON);
        assertThat(backpressure.words()).isEmpty();
    }

    @Test
    void takesAllThatItMayWhileNoAcksCome() {
        assertThat(backpressure.check(32 * MEGABYTE, false)).isEqualTo(Change.NONE);
        assertThat(backpressure.check(32 * MEGABYTE + 1, false)).isEqualTo(Change.PAUSE);
        assertThat(backpressure.words().orElseThrow()).contains("wait for the supervisor");
        assertThat(backpressure.check(16 * MEGABYTE - 1, false)).isEqualTo(Change.GO_ON);
        assertThat(backpressure.words()).contains("reading goes on");
    }

    /** A supervisor that hangs must not keep the worker from reading what it has room for. */
    @Test
    void goesOnWhenTheAcksOfABurstStopComing() {
        backpressure.acked();
        assertThat(backpressure.check(9 * MEGABYTE, false)).isEqualTo(Change.PAUSE);
        now += TimeUnit.SECONDS.toNanos(1);
        assertThat(backpressure.check(9 * MEGABYTE, false)).isEqualTo(Change.GO_ON);
        assertThat(backpressure.check(33 * MEGABYTE, false)).isEqualTo(Change.PAUSE);
    }

    @Test
    void readsNothingWhileTheSupervisorHasNoRoom() {
        backpressure.acked();
        assertThat(backpressure.check(0, true)).isEqualTo(Change.PAUSE);
        assertThat(backpressure.words().orElseThrow()).contains("no room");
        assertThat(backpressure.check(0, true)).isEqualTo(Change.NONE);
        assertThat(backpressure.check(0, false)).isEqualTo(Change.GO_ON);
        assertThat(backpressure.words()).contains("reading goes on");
    }
}
