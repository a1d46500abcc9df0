package gw.supervisor.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.ShardState;
import gw.proto.v1.Status;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.control.ControlHandler;
import gw.supervisor.control.ControlRefusal;
import gw.supervisor.control.ControlServer;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The commands against a real control API on a Unix socket. */
@Timeout(60)
class ClientCommandsTest implements ControlHandler {
    private final Captured captured = new Captured();
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile Status status = Statuses.example();
    private volatile int goesAfter = Integer.MAX_VALUE;
    private volatile long pid;
    @TempDir private Path dir;
    private ControlServer server;
    private Door door;

    @BeforeEach
    void serve() throws Exception {
        Path behind = dir.resolve("behind.sock");
        server = ControlServer.start(new ControlAddress.Unix(behind), this, List.of());
        door = Door.open(dir.resolve("control.sock"), behind);
        captured.with("GW_STATE_DIR", dir.toString());
    }

    @AfterEach
    void end() {
        door.close();
        server.close();
    }

    @Test
    void showsTheStatus() {
        assertThat(captured.gw("status")).isZero();
        assertThat(captured.out())
                .startsWith("PROBLEMS\n  ! events wait for the bot")
                .contains("plan        shards 100..103 of 885")
                .doesNotContain("\u001B");
    }

    @Test
    void colorsATerminalAndCutsItsLines() {
        Terminal terminal = new Terminal(true, true, () -> new Terminal.Size(40, 24));
        Captured onTerminal = new Captured(terminal);
        assertThat(onTerminal.gw("status", "--state-dir", dir)).isZero();
        assertThat(onTerminal.out()).contains("\u001B[1;31mPROBLEMS\u001B[0m");
        assertThat(onTerminal.out().replaceAll("\u001B\\[[0-9;]*m", "").lines())
                .allMatch(line -> line.length() <= 40)
                .anyMatch(line -> line.endsWith("…"));
    }

    @Test
    void findsItByItsAddress() {
        Captured bare = new Captured();
        assertThat(bare.gw("status", "--control", dir.resolve("control.sock"))).isZero();
        assertThat(bare.gw("status", "--control", "unix:" + dir.resolve("control.sock"))).isZero();
        assertThat(bare.with("GW_CONTROL", dir.resolve("control.sock").toString()).gw("status"))
                .isZero();
    }

    @Test
    void printsJson() {
        assertThat(captured.gw("status", "--json")).isZero();
        assertThat(captured.out()).isEqualTo(StatusJson.of(Statuses.example(), true) + "\n");
        assertThat(captured.gw("status", "--json", "--shard", 103)).isZero();
        assertThat(captured.out())
                .isEqualTo(StatusJson.of(Statuses.example().getShards(3), true) + "\n");
    }

    @Test
    void showsOneShardAndNamesThoseThereAre() {
        assertThat(captured.gw("status", "--shard", 100)).isZero();
        assertThat(captured.out())
                .startsWith("shard 100")
                .contains("0f1e2d3c4b5a69788796a5b4c3d2e1f0");
        assertThat(captured.gw("status", "--shard", 7)).isEqualTo(10);
        assertThat(captured.err())
                .isEqualTo("gw: no shard 7\n  This supervisor holds the shards 100..103.\n");
    }

    @Test
    void checkSaysWhetherAllIsWell() {
        assertThat(captured.gw("status", "--check")).isEqualTo(1);
        status = Statuses.many(4, _ -> ShardState.SHARD_STATE_READY).build();
        assertThat(captured.gw("status", "--check")).isEqualTo(1);
        status = status.toBuilder().clearProblems().build();
        assertThat(captured.gw("status", "--check")).isZero();
        status =
                Statuses.many(
                                4,
                                id ->
                                        id == 2
                                                ? ShardState.SHARD_STATE_RESUMING
                                                : ShardState.SHARD_STATE_READY)
                        .clearProblems()
                        .build();
        assertThat(captured.gw("status", "--check")).isEqualTo(1);
        assertThat(captured.gw("status", "--check", "--shard", 1)).isZero();
    }

    @Test
    void showsTenThousandShards() {
        status = Statuses.many(10_000, _ -> ShardState.SHARD_STATE_READY).build();
        assertThat(captured.gw("status")).isZero();
        assertThat(captured.out()).contains("10,000 of 10,000 ready");
    }

    @Test
    void watchesUntilTheSupervisorGoes() {
        goesAfter = 4;
        assertThat(captured.gw("status", "--watch=0.1", "--json")).isZero();
        assertThat(captured.out().lines())
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.startsWith("{\"format\":1,") && line.endsWith("}"));
        assertThat(captured.err()).isEqualTo("gw: the supervisor (pid 4242) has gone\n");
    }

    @Test
    void watchesOnTheSecondScreenOfATerminalAndGivesTheFirstOneBack() {
        goesAfter = 3;
        Captured onTerminal =
                new Captured(new Terminal(true, false, () -> new Terminal.Size(100, 10)));
        assertThat(onTerminal.gw("status", "--watch=0.1", "--state-dir", dir)).isZero();
        String out = onTerminal.out();
        assertThat(out)
                .startsWith("\u001B[?1049h\u001B[?25l\u001B[HPROBLEMS\u001B[K\r\n")
                .contains(" more lines: enlarge the window\u001B[K\r\n\u001B[J")
                .doesNotContain("\u001B[2J");
        String after = out.substring(out.indexOf("\u001B[?25h\u001B[?1049l"));
        assertThat(after).contains("PROBLEMS\n", "delivery    http://127.0.0.1:8080/events");
    }

    @Test
    void restartsAWorkerAndNamesThoseThereAre() {
        assertThat(captured.gw("restart", "--worker", 0)).isZero();
        assertThat(captured.out())
                .isEqualTo("gw: worker 0 (pid 4250) leaves; the next one resumes its sessions\n");
        assertThat(captured.gw("restart", "--worker", 1)).isZero();
        assertThat(captured.out())
                .isEqualTo("gw: worker 1 had no process: the next one starts now\n");
        assertThat(captured.gw("restart", "--worker", 9)).isEqualTo(10);
        assertThat(captured.err())
                .isEqualTo("gw: no worker 9\n  This supervisor has the workers 0..1.\n");
        assertThat(orders).containsExactly("worker 0", "worker 1", "worker 9");
    }

    /** P4: what spends an identify says so. */
    @Test
    void restartsAShardAndWarnsWhenThatSpendsAnIdentify() {
        assertThat(captured.gw("restart", "--shard", 101)).isZero();
        assertThat(captured.out()).startsWith("gw: shard 101 reconnects and resumes its session\n");
        assertThat(captured.err()).isEmpty();
        assertThat(captured.gw("restart", "--shard", 101, "--fresh")).isZero();
        assertThat(captured.err())
                .isEqualTo("gw: this spends a session start: 987 of 1000 session starts left\n");
        assertThat(captured.out()).contains("gives its session up");
        assertThat(captured.gw("restart", "--shard", 104)).isEqualTo(10);
        assertThat(captured.err())
                .isEqualTo("gw: no shard 104\n  This supervisor holds the shards 100..103.\n");
        assertThat(orders).containsExactly("shard 101", "shard 101 fresh", "shard 104");
    }

    @Test
    void refusesWhatTheSupervisorRefuses() {
        status = status.toBuilder().clearPlan().build();
        orders.add("stop");
        assertThat(captured.gw("restart", "--shard", 101)).isEqualTo(10);
        assertThat(captured.err()).isEqualTo("gw: it is stopping\n");
    }

    /** A process of this machine stands for the supervisor's: it is waited for. */
    @Test
    void stopWaitsUntilTheProcessIsGone() throws IOException {
        Process process = new ProcessBuilder("cat").start();
        pid = process.pid();
        assertThat(captured.gw("stop")).isZero();
        assertThat(process.isAlive()).isFalse();
        assertThat(orders).containsExactly("stop");
        assertThat(captured.out().lines().toList())
                .startsWith(
                        "gw: 2 sessions end: the bot goes offline, and the next start identifies 4"
                                + " times, 987 of 1000 are left until 17:04:10",
                        "gw: gw stop --keep-sessions would leave them resumable",
                        "gw: 1234 events wait for the bot: what can't be delivered at once stays"
                                + " on disk and goes out at the next start",
                        "gw: the supervisor (pid "
                                + pid
                                + ") with 2 workers and 4 shards is stopping")
                .last(InstanceOfAssertFactories.STRING)
                .startsWith("gw: stopped after ");
    }

    /** P4: who wants to come back soon is told how to do it for nothing. */
    @Test
    void stopKeepsTheSessionsWhenToldTo() {
        pid = ProcessHandle.current().pid();
        assertThat(captured.gw("stop", "--keep-sessions", "--no-wait")).isZero();
        assertThat(orders).containsExactly("stop, keep sessions");
        assertThat(captured.out())
                .startsWith(
                        "gw: 2 sessions stay resumable: a start within the next few minutes resumes"
                                + " them all and spends no identify\n");
    }

    @Test
    void stopSaysWhatItDidAsJson() {
        pid = ProcessHandle.current().pid();
        assertThat(captured.gw("stop", "--json", "--no-wait")).isZero();
        assertThat(captured.out())
                .startsWith("{\n  \"pid\" : " + pid + ",\n  \"workers\" : 2,")
                .contains("\"sessionsKept\" : false", "\"queuedEvents\" : 1234")
                .endsWith("}\n");
    }

    @Test
    void upgradeIsRefusedWithTheSupervisorsWords() {
        assertThat(captured.gw("upgrade")).isEqualTo(10);
        assertThat(captured.err()).isEqualTo("gw: it runs with --sim\n");
    }

    @Test
    void stopGivesUpWaitingAtItsLimit() throws IOException {
        Process process = new ProcessBuilder("cat").start();
        try {
            pid = -process.pid();
            assertThat(captured.gw("stop", "--timeout", 1)).isEqualTo(1);
            assertThat(captured.err())
                    .contains("has not ended within 1 s", "kill " + process.pid());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void stopDoesNotWaitWhenToldNotTo() {
        pid = ProcessHandle.current().pid();
        assertThat(captured.gw("stop", "--no-wait")).isZero();
        assertThat(captured.out()).endsWith(" is stopping\n");
    }

    /** P7: each wait has a limit. */
    @Test
    void givesUpOnASupervisorThatDoesNotAnswer() throws Exception {
        status = Status.getDefaultInstance();
        try (ControlClient client =
                ControlClient.of(
                        new ControlTarget(
                                new ControlAddress.Unix(dir.resolve("control.sock")),
                                Optional.of(dir)),
                        Duration.ofMillis(300))) {
            assertThat(catchThrowable(client::status))
                    .isInstanceOfSatisfying(
                            UserError.class,
                            error -> assertThat(error.exitCode()).isEqualTo(ExitCode.IN_USE))
                    .hasMessageContaining("did not answer within 300 ms");
        }
    }

    @Override
    public CompletableFuture<Status> status() {
        if (status.equals(Status.getDefaultInstance())) {
            return new CompletableFuture<>();
        }
        if (asked.incrementAndGet() >= goesAfter) {
            door.close();
            return new CompletableFuture<>();
        }
        return CompletableFuture.completedFuture(status);
    }

    @Override
    public CompletableFuture<Void> restartShard(int shardId, boolean fresh) {
        if (orders.contains("stop")) {
            return CompletableFuture.failedFuture(
                    new ControlRefusal(ControlRefusal.Kind.NOT_NOW, "it is stopping"));
        }
        orders.add("shard " + shardId + (fresh ? " fresh" : ""));
        return shardId >= 100 && shardId <= 103
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(
                        new ControlRefusal(ControlRefusal.Kind.NOT_FOUND, "no shard " + shardId));
    }

    @Override
    public CompletableFuture<Long> restartWorker(int worker) {
        orders.add("worker " + worker);
        return worker <= 1
                ? CompletableFuture.completedFuture(status.getWorkers(worker).getPid())
                : CompletableFuture.failedFuture(
                        new ControlRefusal(ControlRefusal.Kind.NOT_FOUND, "no worker " + worker));
    }

    @Override
    public CompletableFuture<Upgrading> upgrade() {
        orders.add("upgrade");
        return CompletableFuture.failedFuture(
                new ControlRefusal(ControlRefusal.Kind.NOT_NOW, "it runs with --sim"));
    }

    /** A positive pid ends a second later, a negative one stays. */
    @Override
    public CompletableFuture<Stopping> stop(boolean keepSessions) {
        orders.add(keepSessions ? "stop, keep sessions" : "stop");
        if (pid > 0 && pid != ProcessHandle.current().pid()) {
            CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS)
                    .execute(() -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy));
        }
        goesAfter = asked.get() + 2;
        return CompletableFuture.completedFuture(new Stopping(Math.abs(pid), 2, 4, 2, 1_234));
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
