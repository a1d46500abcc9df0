package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.control.ControlHandler;
import gw.supervisor.control.ControlServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** P6: what replaces processes touches the next one only when the one before is back. */
@Timeout(60)
class ReplacementTest implements ControlHandler {
    private static final int SHARDS = 75;
    private static final int FIRST_OF_LATER = 8;

    private final Captured captured = new Captured();
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private volatile Status status = healthy();
    private volatile int neverBack = -1;
    private volatile boolean nextComes = true;
    private final long pid = ProcessHandle.current().pid();
    @TempDir private Path dir;
    private ControlServer server;

    private static Status healthy() {
        Status.Builder status = Statuses.many(SHARDS, _ -> ShardState.SHARD_STATE_READY);
        status.clearProblems().getIdentifyBuilder().setSpent(SHARDS).setRemaining(900);
        return status.build();
    }

    @BeforeEach
    void serve() throws Exception {
        server =
                ControlServer.start(
                        new ControlAddress.Unix(dir.resolve("control.sock")), this, List.of());
        captured.with("GW_STATE_DIR", dir.toString());
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void rollsThroughAllWorkersAndSaysWhatItCost() {
        assertThat(captured.gw("restart", "--rolling")).isZero();
        assertThat(orders)
                .containsExactly("worker 0", "back 0", "worker 1", "back 1", "worker 2", "back 2");
        assertThat(captured.out().replaceAll("after [0-9.]+ m?s", "after a while"))
                .startsWith(
                        """
                        gw: worker 0: pid 5000 -> 6000, 25 shards ready again after a while
                        gw: worker 1: pid 5001 -> 6001, 25 shards ready again after a while
                        gw: worker 2: pid 5002 -> 6002, 25 shards ready again after a while
                        gw: 0 identifies spent (900 of 1000 session starts left), 0 sessions lost
                        """);
    }

    @Test
    void stopsAtAWorkerThatDoesNotComeBack() {
        neverBack = 1;
        assertThat(captured.gw("restart", "--rolling", "--timeout", 1)).isEqualTo(1);
        assertThat(orders).containsExactly("worker 0", "back 0", "worker 1");
        assertThat(captured.err())
                .startsWith("gw: worker 1 is not back within 1 s: ")
                .contains("0 of 25 shards ready", "The workers after it were not touched.");
    }

    /** After a reshard the workers' numbers don't begin at 0. */
    @Test
    void rollsThroughWorkersOfALaterGeneration() {
        Status.Builder later = status.toBuilder();
        for (WorkerStatus.Builder worker : later.getWorkersBuilderList()) {
            worker.setWorker(worker.getWorker() + FIRST_OF_LATER);
        }
        for (ShardStatus.Builder shard : later.getShardsBuilderList()) {
            shard.setWorker(shard.getWorker() + FIRST_OF_LATER);
        }
        status = later.build();
        assertThat(captured.gw("restart", "--rolling")).isZero();
        assertThat(orders)
                .containsExactly(
                        "worker 8", "back 8", "worker 9", "back 9", "worker 10", "back 10");
    }

    /** A shard that was down before is not waited for: the restart may be what it needs. */
    @Test
    void waitsOnlyForWhatWasReadyBefore() {
        Status.Builder oneDown = status.toBuilder();
        oneDown.getShardsBuilder(3).setState(ShardState.SHARD_STATE_FATAL);
        status = oneDown.build();
        assertThat(captured.gw("restart", "--rolling", "--json")).isZero();
        assertThat(captured.out())
                .startsWith("{\n  \"from\" : \"0.1.0\",")
                .contains("\"identifiesSpent\" : 0", "\"newPid\" : 6002", "\"shards\" : 24");
        assertThat(captured.err()).isEmpty();
    }

    @Test
    void upgradesTheSupervisorThenTheWorkers() {
        assertThat(captured.gw("upgrade")).isZero();
        assertThat(orders)
                .containsExactly(
                        "upgrade",
                        "worker 0",
                        "back 0",
                        "worker 1",
                        "back 1",
                        "worker 2",
                        "back 2");
        assertThat(captured.out())
                .startsWith("gw: the supervisor (pid " + pid + ", gw 0.1.0) makes way")
                .contains("gw: upgraded from gw 0.1.0 to gw 0.2.0 in ")
                .contains("gw: 0 identifies spent (900 of 1000 session starts left)")
                // The old one's count goes on, the next one's begins at zero.
                .contains("; before: p50 0.2 ms, p99 0.2 ms, max 0.2 ms");
    }

    @Test
    void upgradesTheSupervisorAlone() {
        assertThat(captured.gw("upgrade", "--supervisor-only", "--json")).isZero();
        assertThat(orders).containsExactly("upgrade");
        assertThat(captured.out())
                .contains("\"from\" : \"0.1.0\"", "\"to\" : \"0.2.0\"", "\"workers\" : [ ]");
    }

    @Test
    void saysWhatToDoWhenTheSupervisorDoesNotComeBack() {
        nextComes = false;
        assertThat(captured.gw("upgrade", "--timeout", 1)).isEqualTo(1);
        assertThat(captured.err())
                .startsWith("gw: no supervisor is back within 1 s\n")
                .contains("gw start on the same state directory");
        assertThat(orders).containsExactly("upgrade");
    }

    @Test
    void namesTheShardsThatAreNotBack() {
        neverBack = 0;
        assertThat(captured.gw("upgrade", "--timeout", 1)).isEqualTo(1);
        assertThat(captured.err())
                .startsWith(
                        "gw: the next supervisor is there, but within 1 s 25 shards are not ready"
                                + " again: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 15 more\n");
        assertThat(orders).containsExactly("upgrade");
    }

    @Override
    public CompletableFuture<Status> status() {
        return CompletableFuture.completedFuture(status);
    }

    @Override
    public CompletableFuture<Void> restartShard(int shardId, boolean fresh) {
        return CompletableFuture.completedFuture(null);
    }

    /** It is away until two more looks were taken. */
    @Override
    public CompletableFuture<Long> restartWorker(int worker) {
        orders.add("worker " + worker);
        Status whole = status;
        int place = worker - whole.getWorkers(0).getWorker();
        long old = whole.getWorkers(place).getPid();
        status = away(whole, worker);
        if (worker != neverBack) {
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        orders.add("back " + worker);
                        Status.Builder back = whole.toBuilder();
                        back.getWorkersBuilder(place).setPid(old + 1_000);
                        status = back.build();
                    });
        }
        return CompletableFuture.completedFuture(old);
    }

    private static Status away(Status whole, int worker) {
        Status.Builder away = whole.toBuilder();
        WorkerStatus.Builder gone =
                away.getWorkersBuilder(worker - whole.getWorkers(0).getWorker());
        gone.setPid(0).setState(WorkerState.WORKER_STATE_WAITING);
        for (ShardStatus.Builder shard : away.getShardsBuilderList()) {
            if (shard.getWorker() == worker) {
                shard.setState(ShardState.SHARD_STATE_BACKOFF);
            }
        }
        return away.build();
    }

    @Override
    public CompletableFuture<Stopping> stop(boolean keepSessions) {
        throw new IllegalStateException("nobody asked for it");
    }

    @Override
    public CompletableFuture<Upgrading> upgrade() {
        orders.add("upgrade");
        long startedAt = status.getSupervisor().getStartedAtMs();
        if (nextComes) {
            CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        Status.Builder next = status.toBuilder();
                        next.getSupervisorBuilder()
                                .setStartedAtMs(startedAt + 60_000)
                                .setVersion("0.2.0");
                        next.getIdentifyBuilder().setSpent(0);
                        next.getDeliveryBuilder().clearLatencyCounts().setDelivered(0);
                        status = neverBack < 0 ? next.build() : away(next.build(), neverBack);
                    });
        }
        return CompletableFuture.completedFuture(new Upgrading(pid, startedAt, "0.1.0"));
    }

    @Override
    public CompletableFuture<ReshardResponse> reshard(ReshardRequest request) {
        throw new IllegalStateException("nobody asked for it");
    }

    @Override
    public CompletableFuture<Void> cancelReshard() {
        throw new IllegalStateException("nobody asked for it");
    }
}
