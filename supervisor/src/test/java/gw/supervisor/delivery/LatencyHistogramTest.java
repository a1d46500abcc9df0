package gw.supervisor.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.LatencyBuckets;

import org.junit.jupiter.api.Test;

/** P7: whatever the latencies are, their count has one size. */
class LatencyHistogramTest {
    /** The formula that stands in the control contract, for those who read it elsewhere. */
    private static long contract(int k) {
        return (long) (4 + k % 4) << (4 + k / 4);
    }

    @Test
    void bucketsAreThoseOfTheContract() {
        assertThat(LatencyBuckets.COUNT).isEqualTo(102);
        assertThat(LatencyBuckets.of(-5)).isZero();
        assertThat(LatencyBuckets.of(0)).isZero();
        assertThat(LatencyBuckets.of(63)).isZero();
        for (int i = 1; i < LatencyBuckets.COUNT - 1; i++) {
            assertThat(LatencyBuckets.of(contract(i - 1))).isEqualTo(i);
            assertThat(LatencyBuckets.of(contract(i) - 1)).isEqualTo(i);
            assertThat(LatencyBuckets.endMicros(i)).isEqualTo(contract(i));
        }
        assertThat(LatencyBuckets.of(contract(100))).isEqualTo(LatencyBuckets.COUNT - 1);
        assertThat(LatencyBuckets.of(Long.MAX_VALUE)).isEqualTo(LatencyBuckets.COUNT - 1);
        assertThat(LatencyBuckets.endMicros(LatencyBuckets.COUNT - 1))
                .isEqualTo(LatencyBuckets.endMicros(LatencyBuckets.COUNT - 2));
    }

    @Test
    void countsAndGivesACopyThatStaysAsItIs() {
        LatencyHistogram histogram = new LatencyHistogram();
        assertThat(histogram.counts()).isEmpty();
        histogram.record(70);
        histogram.record(10);
        LatencyHistogram copy = histogram.copy();
        histogram.record(10);
        assertThat(copy.counts()).containsExactly(1L, 1L);
        assertThat(histogram.counts()).containsExactly(2L, 1L);
    }
}
