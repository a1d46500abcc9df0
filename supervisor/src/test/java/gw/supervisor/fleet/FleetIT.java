package gw.supervisor.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import gw.model.ShardRange;
import gw.proto.v1.Attach;
import gw.proto.v1.Compression;
import gw.proto.v1.Shutdown;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;
import gw.proto.v1.WorkerConfig;
import gw.proto.v1.WorkerState;
import gw.proto.v1.WorkerStatus;
import gw.supervisor.link.LinkListener;
import gw.supervisor.link.LinkServer;
import gw.supervisor.link.WorkerLink;
import gw.supervisor.plan.Cluster;
import gw.supervisor.plan.ShardPlan;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Real worker JVMs: one that dies or hangs is replaced without a human (P6). */
@Timeout(90)
class FleetIT implements LinkListener, FleetListener {
    @TempDir private Path dir;

    private final ScheduledExecutorService control =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1,
                    Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> attachedPids = new LinkedBlockingQueue<>();
    private volatile @Nullable WorkerLink link;
    private @Nullable LinkServer server;
    private Fleet fleet = fleet(dirOf());

    private static Path dirOf() {
        return Path.of("/nonexistent");
    }

    private Fleet fleet(Path directory) {
        Fleet made =
                new Fleet(
                        new FleetSettings(
                                directory.resolve("link.sock"),
                                directory,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(2),
                                32L * 1024 * 1024,
                                OptionalInt.empty(),
                                Duration.ofSeconds(30)),
                        this,
                        control,
                        InstantSource.system(),
                        System::nanoTime,
                        new SplittableRandom(1));
        made.add(
                new ShardPlan(
                        new ShardRange(0, 0, 1),
                        List.of(new Cluster(0, new ShardRange(0, 0, 1))),
                        Optional.empty()),
                "digest");
        return made;
    }

    @BeforeEach
    void start() throws IOException {
        fleet = fleet(dir);
        server =
                LinkServer.start(
                        group, group.next(), dir.resolve("link.sock"), this, System::nanoTime);
        control.execute(fleet::start);
    }

    @AfterEach
    void stop() throws Exception {
        onControl(() -> fleet.stopAll(Duration.ZERO)).get(20, TimeUnit.SECONDS);
        if (server != null) {
            server.close();
        }
        control.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void replacesAWorkerThatIsKilledAtOnce() throws Exception {
        long pid = attachedPid();
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
        await("lost 0 killed by signal 9 (kill)");
        assertThat(attachedPid()).isNotEqualTo(pid);
        WorkerStatus status = status();
        assertThat(status.getRestarts()).isEqualTo(1);
        assertThat(status.getLastExit()).contains("signal 9");
        assertThat(status.getState()).isEqualTo(WorkerState.WORKER_STATE_ATTACHED);
    }

    @Test
    void replacesAWorkerThatHangs() throws Exception {
        long pid = attachedPid();
        new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
        String lost = heard.poll(20, TimeUnit.SECONDS);
        while (lost != null && !lost.startsWith("lost")) {
            lost = heard.poll(20, TimeUnit.SECONDS);
        }
        assertThat(lost).startsWith("lost 0 hung: nothing heard for ");
        assertThat(attachedPid()).isNotEqualTo(pid);
    }

    @Test
    void restartsByOrderAndStopsWhenTold() throws Exception {
        long pid = attachedPid();
        assertThat(control.submit(() -> fleet.restart(0)).get()).isEqualTo(pid);
        await("lost 0 restart by order, killed by signal 15 (terminate)");
        long next = attachedPid();
        WorkerLink to = link;
        assertThat(to).isNotNull();
        CompletableFuture<Void> stopped = onControl(() -> fleet.stopAll(Duration.ofSeconds(20)));
        to.send(
                ToWorker.newBuilder()
                        .setShutdown(Shutdown.newBuilder().setWithinMs(5_000))
                        .build());
        stopped.get(15, TimeUnit.SECONDS);
        assertThat(ProcessHandle.of(next)).isEmpty();
        assertThat(status().getState()).isEqualTo(WorkerState.WORKER_STATE_STOPPED);
        assertThat(status().getLastExit()).isEqualTo("exit 0");
        assertThat(Files.readString(dir.resolve("worker-0.log"))).contains("told to stop");
    }

    /** Somebody orders it just when a worker hangs, and one that hangs doesn't hear SIGTERM. */
    @Test
    void replacesAWorkerThatHangsWhenItIsToldToRestart() throws Exception {
        long pid = attachedPid();
        new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
        assertThat(control.submit(() -> fleet.restart(0)).get()).isEqualTo(pid);
        await("lost 0 restart by order, killed by signal 9 (kill)");
        assertThat(attachedPid()).isNotEqualTo(pid);
    }

    @Test
    void knowsItsOwnWorkersByTheirIncarnation() throws Exception {
        var _ = attachedPid();
        assertThat(control.submit(() -> fleet.attached(0, "someone else")).get()).isFalse();
        assertThat(control.submit(() -> fleet.attached(1, "")).get()).isFalse();
    }

    private <T> T onControl(Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        control.execute(future);
        return future.get(20, TimeUnit.SECONDS);
    }

    private WorkerStatus status() throws Exception {
        return control.submit(() -> fleet.statuses().getFirst()).get();
    }

    private long attachedPid() throws InterruptedException {
        Long pid = attachedPids.poll(30, TimeUnit.SECONDS);
        if (pid == null) {
            throw new AssertionError("no worker attached; heard: " + heard);
        }
        return pid;
    }

    private void await(String line) throws InterruptedException {
        String came = heard.poll(20, TimeUnit.SECONDS);
        while (came != null && !came.equals(line)) {
            came = heard.poll(20, TimeUnit.SECONDS);
        }
        assertThat(came).isEqualTo(line);
    }

    @Override
    public void attached(WorkerLink newLink, Attach attach) {
        control.execute(() -> {
            if (fleet.attached(attach.getCluster(), attach.getIncarnation())) {
                link = newLink;
                newLink.configure(
                        WorkerConfig.newBuilder()
                                .setToken("token")
                                .setCompression(Compression.COMPRESSION_NONE)
                                .setMaxMessageBytes(1_000_000)
                                .setMaxUnackedBytes(1_000_000)
                                .setBeatIntervalMs(200)
                                .build());
                attachedPids.add(attach.getPid());
            } else {
                newLink.refuse("not mine");
            }
        });
    }

    @Override
    public void batch(WorkerLink from, long number, byte[] array, int start, int end) {
        from.ack(number);
    }

    @Override
    public void message(WorkerLink from, ToSupervisor message) {
        control.execute(() -> fleet.heard(from.cluster(), from.lastHeardNanos()));
    }

    @Override
    public void closed(WorkerLink from, String reason) {
        heard.add("closed " + reason);
    }

    @Override
    public CompletableFuture<Void> ended(int cluster) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void lost(int cluster, String reason) {
        heard.add("lost " + cluster + " " + reason);
    }
}
