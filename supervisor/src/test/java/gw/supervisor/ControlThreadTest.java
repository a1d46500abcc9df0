package gw.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A decision that fails is said, and the next one is made all the same (P6). */
class ControlThreadTest {
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final ControlThread control = new ControlThread(failures::add);

    @AfterEach
    void stop() {
        control.shutdownNow();
    }

    @Test
    void reportsATaskThatFailsAndRunsTheNext() throws Exception {
        CountDownLatch next = new CountDownLatch(1);
        control.execute(() -> {
            throw new IllegalStateException("broken");
        });
        control.execute(next::countDown);
        assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(failures.poll(10, TimeUnit.SECONDS)).hasMessage("broken");
    }

    @Test
    void runsAPeriodicTaskAgainThoughItFailed() throws Exception {
        CountDownLatch thrice = new CountDownLatch(3);
        var _ =
                control.scheduleWithFixedDelay(
                        () -> {
                            thrice.countDown();
                            throw new IllegalStateException("each time");
                        },
                        0,
                        1,
                        TimeUnit.MILLISECONDS);
        assertThat(thrice.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
