package gw.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A process of another supervisor is ended, whatever it does, and its end is noticed (P6, P7). */
@Timeout(30)
class LeaversTest {
    private final ScheduledExecutorService control =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final List<Process> processes = new ArrayList<>();
    private final List<Integer> left = new CopyOnWriteArrayList<>();
    private final Leavers leavers = new Leavers(control, left::add);

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        control.shutdownNow();
    }

    @Test
    void nobodyToWaitForIsNoWait() throws Exception {
        assertThat(dismiss(Duration.ofSeconds(20)).isDone()).isTrue();
    }

    @Test
    void awaitsThoseThatLeave() throws Exception {
        leavers.add(4, adopted("sleep 60"));
        dismiss(Duration.ofSeconds(20)).get(10, TimeUnit.SECONDS);
        assertThat(left).containsExactly(4);
        assertThat(leavers.isEmpty()).isTrue();
        assertThat(processes.getFirst().waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void killsThoseThatDoNot() throws Exception {
        leavers.add(1, adopted("trap '' TERM; while :; do sleep 1; done"));
        dismiss(Duration.ofMillis(300)).get(10, TimeUnit.SECONDS);
        assertThat(left).containsExactly(1);
        assertThat(processes.getFirst().waitFor()).isEqualTo(128 + 9);
    }

    @Test
    void anAdoptedProcessThatDiesIsNoticedWhenItsLinkCloses() throws Exception {
        AdoptedProcess process = adopted("sleep 60");
        process.look();
        assertThat(process.exited()).isNotDone();
        processes.getFirst().destroyForcibly();
        control.execute(() -> process.lookClosely(control));
        // Here it is a child of this JVM, too: who of the two reaps it first knows how it ended.
        assertThat(process.exited().get(5, TimeUnit.SECONDS))
                .containsAnyOf("how is unknown", "killed by signal 9");
    }

    private CompletableFuture<Void> dismiss(Duration limit)
            throws ExecutionException, InterruptedException {
        FutureTask<CompletableFuture<Void>> task = new FutureTask<>(() -> leavers.dismiss(limit));
        control.execute(task);
        return task.get();
    }

    /** It has said a word: its trap is set. */
    private AdoptedProcess adopted(String script) throws IOException {
        Process process =
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                script.replaceFirst("(sleep 60|while)", "echo up; $1"))
                        .start();
        processes.add(process);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).isEqualTo("up");
        return new AdoptedProcess(process.toHandle(), ProcessStart.of(process.pid()).orElseThrow());
    }
}
