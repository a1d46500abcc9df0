package gw.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a newcomer types first. */
@Timeout(120)
class SimIT {
    @TempDir private Path dir;

    @Test
    void startSimRunsEverythingAndCountsUpAtTheEnd() {
        try (GwProcess gw =
                        GwProcess.start(
                                Map.of(),
                                List.of(
                                        "start",
                                        "--sim",
                                        "--state-dir",
                                        dir.toString(),
                                        "--plain"));
                ControlProbe control = new ControlProbe(dir.resolve("control.sock"))) {
            control.await(
                    Duration.ofSeconds(60),
                    "events",
                    status -> status.getDelivery().getDelivered() > 500);
            gw.terminate();
            assertThat(gw.awaitExit(Duration.ofSeconds(6))).as(gw.output()).isZero();
            assertThat(gw.output())
                    .contains("shards ready")
                    .contains("balanced: sent ")
                    .doesNotContain("NOT balanced");
        }
    }

    @Test
    void aKilledWorkerDuringTheTrialLosesNothing() {
        try (GwProcess gw =
                        GwProcess.start(
                                Map.of(),
                                List.of(
                                        "start",
                                        "--sim",
                                        "--state-dir",
                                        dir.toString(),
                                        "--plain"));
                ControlProbe control = new ControlProbe(dir.resolve("control.sock"))) {
            var running =
                    control.await(
                            Duration.ofSeconds(60),
                            "events",
                            status -> status.getDelivery().getDelivered() > 500);
            long pid = running.getWorkers(0).getPid();
            assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).hasValue(true);
            control.await(
                    Duration.ofSeconds(40),
                    "the next worker has resumed",
                    status ->
                            status.getWorkers(0).getPid() != pid
                                    && ControlProbe.ready(status) == status.getShardsCount());
            try (GwProcess stop =
                    GwProcess.start(Map.of(), List.of("stop", "--state-dir", dir.toString()))) {
                assertThat(stop.awaitExit(Duration.ofSeconds(10))).as(stop.output()).isZero();
            }
            assertThat(gw.awaitExit(Duration.ofSeconds(6))).as(gw.output()).isZero();
            assertThat(gw.output()).contains("balanced: sent ").doesNotContain("NOT balanced");
        }
    }
}
