package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.LatencyBuckets;
import gw.proto.v1.DeliveryStatus;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

/** P7: a figure of how long events take doesn't grow with their number. */
class LatenciesTest {
    private static Latencies.Counts counts(long... micros) {
        long[] buckets = new long[LatencyBuckets.COUNT];
        for (long one : micros) {
            buckets[LatencyBuckets.of(one)]++;
        }
        DeliveryStatus.Builder delivery = DeliveryStatus.newBuilder();
        for (long count : buckets) {
            delivery.addLatencyCounts(count);
        }
        return Latencies.Counts.of(delivery.build());
    }

    @Test
    void figuresAreNeverBelowTheTruthAndAtMostAQuarterAbove() {
        long[] micros = new long[1_000];
        for (int i = 0; i < micros.length; i++) {
            micros[i] = 1_000L * (i + 1);
        }
        Latencies latencies = counts(micros).figures().orElseThrow();
        assertThat(latencies.events()).isEqualTo(1_000);
        assertThat(latencies.p50Micros()).isBetween(500_000L, 625_000L);
        assertThat(latencies.p99Micros()).isBetween(990_000L, 1_237_500L);
        assertThat(latencies.maxMicros()).isBetween(1_000_000L, 1_250_000L);
    }

    @Test
    void oneSlowEventOfAThousandIsTheMaximumAlone() {
        long[] micros = new long[1_000];
        Arrays.fill(micros, 2_000);
        micros[17] = 3_000_000;
        Latencies latencies = counts(micros).figures().orElseThrow();
        assertThat(latencies.words()).isEqualTo("p50 2 ms, p99 2 ms, max 3.1 s");
        assertThat(latencies.shortWords()).isEqualTo("p50 2 ms, p99 2 ms");
    }

    @Test
    void tellsWhatCameBetweenTwoCounts() {
        Latencies.Counts before = counts(100, 100, 5_000);
        Latencies.Counts after = counts(100, 100, 5_000, 90);
        assertThat(after.since(before).figures().orElseThrow().events()).isEqualTo(1);
        assertThat(after.since(before).figures().orElseThrow().maxMicros()).isEqualTo(96);
        assertThat(before.since(before).figures()).isEmpty();
        assertThat(before.plus(after).figures().orElseThrow().events()).isEqualTo(7);
        assertThat(Latencies.Counts.of(DeliveryStatus.getDefaultInstance()).figures()).isEmpty();
    }
}
