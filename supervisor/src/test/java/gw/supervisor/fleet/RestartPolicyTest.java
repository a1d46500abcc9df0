package gw.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** At once when it is bad luck, ever later when it is a defect, never without bound (P6, P7). */
class RestartPolicyTest {
    private final RestartPolicy policy = new RestartPolicy(new SplittableRandom(1));

    @Test
    void replacesAtOnceAndBacksOffWhenWorkersKeepDyingYoung() {
        for (int i = 0; i < 3; i++) {
            assertThat(policy.delayNanos(1)).isZero();
        }
        long last = 0;
        for (int i = 0; i < 20; i++) {
            last = policy.delayNanos(1);
            assertThat(last).isPositive().isLessThanOrEqualTo(TimeUnit.SECONDS.toNanos(30));
        }
        assertThat(last).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(15));
    }

    @Test
    void forgivesAfterAStableMinute() {
        for (int i = 0; i < 10; i++) {
            var _ = policy.delayNanos(1);
        }
        assertThat(policy.delayNanos(RestartPolicy.STABLE_NANOS)).isZero();
    }

    @Test
    void saysHowAProcessEnded() {
        assertThat(ExitWords.of(137)).isEqualTo("killed by signal 9 (kill)");
        assertThat(ExitWords.of(3)).isEqualTo("exit 3 (out of memory)");
        assertThat(ExitWords.of(0)).isEqualTo("exit 0");
        assertThat(ExitWords.of(128 + 40)).isEqualTo("killed by signal 40");
    }
}
