package gw.supervisor.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gw.proto.v1.CancelReshardRequest;
import gw.proto.v1.ControlGrpc;
import gw.proto.v1.GetStatusRequest;
import gw.proto.v1.ReshardPlan;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.RestartShardRequest;
import gw.proto.v1.RestartWorkerRequest;
import gw.proto.v1.Status;
import gw.proto.v1.StopRequest;
import gw.proto.v1.StopResponse;
import gw.proto.v1.SupervisorStatus;
import gw.proto.v1.UpgradeRequest;
import gw.proto.v1.WatchStatusRequest;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Any gRPC client can watch and steer a supervisor, and is told what it did wrong. */
@Timeout(30)
class ControlServerTest implements ControlHandler {
    @TempDir private Path dir;
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void answersOverAUnixSocketThatIsTheOwnersAlone() throws Exception {
        Path socket = dir.resolve("control.sock");
        try (ControlServer _ =
                ControlServer.start(new ControlAddress.Unix(socket), this, List.of())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            var group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                            .channelType(NioDomainSocketChannel.class)
                            .eventLoopGroup(group)
                            .overrideAuthority("localhost")
                            .usePlaintext()
                            .build();
            try {
                assertThat(status(channel).getSupervisor().getPid()).isEqualTo(1);
            } finally {
                channel.shutdownNow();
                group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
            }
        }
    }

    @Test
    void answersOrdersAndHealthOverTcp() throws Exception {
        try (ControlServer server =
                ControlServer.start(new ControlAddress.Tcp("127.0.0.1", 0), this, List.of())) {
            ManagedChannel channel = tcp(server);
            try {
                var control = ControlGrpc.newBlockingStub(channel);
                assertThat(control.stop(StopRequest.getDefaultInstance()))
                        .isEqualTo(
                                StopResponse.newBuilder()
                                        .setPid(1)
                                        .setWorkers(2)
                                        .setShards(3)
                                        .setQueuedEvents(5_000_000_000L)
                                        .build());
                assertThat(
                                control.stop(StopRequest.newBuilder().setKeepSessions(true).build())
                                        .getSessions())
                        .isEqualTo(4);
                assertThatThrownBy(() -> control.upgrade(UpgradeRequest.getDefaultInstance()))
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessage("FAILED_PRECONDITION: it is a trial");
                assertThat(
                                control.restartWorker(
                                                RestartWorkerRequest.newBuilder()
                                                        .setWorker(1)
                                                        .build())
                                        .getPid())
                        .isEqualTo(101);
                assertThatThrownBy(() ->
                                control.restartShard(
                                        RestartShardRequest.newBuilder().setShardId(9).build()))
                        .isInstanceOf(StatusRuntimeException.class)
                        .hasMessage("NOT_FOUND: no shard 9");
                assertThat(
                                HealthGrpc.newBlockingStub(channel)
                                        .check(
                                                HealthCheckRequest.newBuilder()
                                                        .setService("gw.v1.Control")
                                                        .build())
                                        .getStatus())
                        .isEqualTo(ServingStatus.SERVING);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Test
    void reshardsAndGivesAReshardUp() throws Exception {
        try (ControlServer server =
                ControlServer.start(new ControlAddress.Tcp("127.0.0.1", 0), this, List.of())) {
            ManagedChannel channel = tcp(server);
            try {
                var control = ControlGrpc.newBlockingStub(channel);
                ReshardResponse answer = control.reshard(part(12, 4, 11).build());
                assertThat(answer.getAccepted()).isTrue();
                assertThat(answer.getPlan().getToShardCount()).isEqualTo(12);
                assertThat(answer.getPlan().getLastShard()).isEqualTo(11);
                assertThat(
                                control.reshard(ReshardRequest.newBuilder().setDryRun(true).build())
                                        .getAccepted())
                        .isFalse();
                assertThatThrownBy(() ->
                                control.cancelReshard(CancelReshardRequest.getDefaultInstance()))
                        .hasMessage("FAILED_PRECONDITION: no reshard is under way");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /** P5: what can't be right costs no identify. */
    @Test
    void saysWhatIsWrongWithAReshard() throws Exception {
        try (ControlServer server =
                ControlServer.start(new ControlAddress.Tcp("127.0.0.1", 0), this, List.of())) {
            ManagedChannel channel = tcp(server);
            try {
                var control = ControlGrpc.newBlockingStub(channel);
                Map<ReshardRequest.Builder, String> wrong =
                        Map.of(
                                ReshardRequest.newBuilder().setShardCount(16_385),
                                "shard_count: 16385 (expected: 1..16384, or 0 for what gw would"
                                        + " choose)",
                                ReshardRequest.newBuilder().setShardCount(-1),
                                "shard_count: 4294967295 (expected: 1..16384, or 0 for what gw"
                                        + " would choose)",
                                ReshardRequest.newBuilder().setShardCount(12).setFirstShard(1),
                                "first_shard and last_shard go together: last_shard is missing",
                                ReshardRequest.newBuilder().setShardCount(12).setLastShard(1),
                                "first_shard and last_shard go together: first_shard is missing",
                                part(0, 0, 3),
                                "first_shard and last_shard are a part of a shard count:"
                                        + " shard_count is missing",
                                part(12, 0, 12),
                                "last_shard: 12 (expected: at most 11, the last of 12)",
                                part(12, 5, 4),
                                "first_shard: 5 (expected: at most last_shard, 4)",
                                ReshardRequest.newBuilder().setIntents(-1L),
                                "intents: 18446744073709551615 (expected: a bit set of less than"
                                        + " 64 bits)");
                wrong.forEach((request, words) ->
                        assertThatThrownBy(() -> control.reshard(request.build()))
                                .hasMessage("INVALID_ARGUMENT: " + words));
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static ReshardRequest.Builder part(int count, int first, int last) {
        return ReshardRequest.newBuilder()
                .setShardCount(count)
                .setFirstShard(first)
                .setLastShard(last);
    }

    @Test
    void removesOnlyASocketThatNobodyListensOn() throws Exception {
        Path file = Files.writeString(dir.resolve("notes.txt"), "mine");
        assertThatThrownBy(
                        () -> ControlServer.start(new ControlAddress.Unix(file), this, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no socket");
        assertThat(file).hasContent("mine");
        ControlAddress shared = new ControlAddress.Unix(dir.resolve("shared.sock"));
        try (ControlServer _ = ControlServer.start(shared, this, List.of())) {
            assertThatThrownBy(() -> ControlServer.start(shared, this, List.of()))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("listens there already");
        }
        ControlServer.start(shared, this, List.of()).close();
    }

    @Test
    void watchesUntilTheCallerGoes() throws Exception {
        try (ControlServer server =
                ControlServer.start(new ControlAddress.Tcp("127.0.0.1", 0), this, List.of())) {
            ManagedChannel channel = tcp(server);
            Iterator<Status> watch =
                    ControlGrpc.newBlockingStub(channel)
                            .watchStatus(
                                    WatchStatusRequest.newBuilder().setIntervalMs(100).build());
            for (int i = 1; i <= 3; i++) {
                assertThat(watch.next().getSupervisor().getPid()).isEqualTo(i);
            }
            assertThatThrownBy(() ->
                            ControlGrpc.newBlockingStub(channel)
                                    .watchStatus(
                                            WatchStatusRequest.newBuilder()
                                                    .setIntervalMs(1)
                                                    .build())
                                    .hasNext())
                    .hasMessageContaining("interval_ms: 1 (expected: 100..60000)");
            channel.shutdownNow();
        }
    }

    @Test
    void saysThatTheAddressIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            ControlServer.start(
                                    new ControlAddress.Tcp("127.0.0.1", taken.getLocalPort()),
                                    this,
                                    List.of()))
                    .isInstanceOfSatisfying(
                            UserError.class,
                            error -> assertThat(error.exitCode()).isEqualTo(ExitCode.IN_USE))
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
        }
    }

    private static ManagedChannel tcp(ControlServer server) {
        return NettyChannelBuilder.forTarget(server.address()).usePlaintext().build();
    }

    private static Status status(ManagedChannel channel) {
        return ControlGrpc.newBlockingStub(channel)
                .getStatus(GetStatusRequest.getDefaultInstance());
    }

    @Override
    public CompletableFuture<Status> status() {
        return CompletableFuture.completedFuture(
                Status.newBuilder()
                        .setSupervisor(
                                SupervisorStatus.newBuilder().setPid(asked.incrementAndGet()))
                        .build());
    }

    @Override
    public CompletableFuture<Void> restartShard(int shardId, boolean fresh) {
        return CompletableFuture.failedFuture(
                new ControlRefusal(ControlRefusal.Kind.NOT_FOUND, "no shard " + shardId));
    }

    @Override
    public CompletableFuture<Long> restartWorker(int worker) {
        return CompletableFuture.completedFuture(100L + worker);
    }

    @Override
    public CompletableFuture<Stopping> stop(boolean keepSessions) {
        return CompletableFuture.completedFuture(
                new Stopping(1, 2, 3, keepSessions ? 4 : 0, 5_000_000_000L));
    }

    @Override
    public CompletableFuture<Upgrading> upgrade() {
        return CompletableFuture.failedFuture(
                new ControlRefusal(ControlRefusal.Kind.NOT_NOW, "it is a trial"));
    }

    @Override
    public CompletableFuture<ReshardResponse> reshard(ReshardRequest request) {
        return CompletableFuture.completedFuture(
                ReshardResponse.newBuilder()
                        .setPlan(
                                ReshardPlan.newBuilder()
                                        .setToShardCount(request.getShardCount())
                                        .setLastShard(request.getLastShard()))
                        .setAccepted(!request.getDryRun())
                        .build());
    }

    @Override
    public CompletableFuture<Void> cancelReshard() {
        return CompletableFuture.failedFuture(
                new ControlRefusal(ControlRefusal.Kind.NOT_NOW, "no reshard is under way"));
    }
}
