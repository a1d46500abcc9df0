package gw.worker.shard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Never more than 120 sends in any 60 s, and always room for a heartbeat (P5). */
class CommandLimiterTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void neverCrossesTheLimitInAnyWindow(long seed) {
        Random random = new Random(seed);
        CommandLimiter limiter = new CommandLimiter(TimeUnit.SECONDS.toNanos(41));
        ArrayDeque<Long> sent = new ArrayDeque<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextLong(TimeUnit.MILLISECONDS.toNanos(200));
            boolean took =
                    random.nextInt(50) == 0 ? limiter.tryHeartbeat(now) : limiter.tryCommand(now);
            if (took) {
                sent.addLast(now);
            }
            while (!sent.isEmpty() && now - sent.peekFirst() >= CommandLimiter.WINDOW_NANOS) {
                var _ = sent.removeFirst();
            }
            assertThat(sent).as("seed %d", seed).hasSizeLessThanOrEqualTo(120);
        }
    }

    @Test
    void keepsItsCountWhenTheIntervalIsTold() {
        CommandLimiter limiter = new CommandLimiter(TimeUnit.SECONDS.toNanos(41));
        assertThat(limiter.tryCommand(0)).isTrue();
        limiter.heartbeatEvery(TimeUnit.SECONDS.toNanos(20));
        int commands = 1;
        while (limiter.tryCommand(commands)) {
            commands++;
        }
        assertThat(commands).isEqualTo(115);
    }

    @Test
    void keepsRoomForHeartbeatsWhenCommandsFloodIt() {
        CommandLimiter limiter = new CommandLimiter(TimeUnit.SECONDS.toNanos(20));
        int commands = 0;
        while (limiter.tryCommand(commands)) {
            commands++;
        }
        assertThat(commands).isEqualTo(115);
        assertThat(limiter.tryHeartbeat(1000)).isTrue();
        assertThat(limiter.tryHeartbeat(1001)).isTrue();
    }
}
