package gw.supervisor.cli;

import gw.proto.v1.CancelReshardRequest;
import gw.proto.v1.ControlGrpc;
import gw.proto.v1.ControlGrpc.ControlBlockingStub;
import gw.proto.v1.GetStatusRequest;
import gw.proto.v1.PlanStatus;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.RestartShardRequest;
import gw.proto.v1.RestartWorkerRequest;
import gw.proto.v1.Status;
import gw.proto.v1.StopRequest;
import gw.proto.v1.StopResponse;
import gw.proto.v1.UpgradeRequest;
import gw.proto.v1.UpgradeResponse;
import gw.proto.v1.WatchStatusRequest;
import gw.proto.v1.WorkerStatus;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Talks to a running supervisor over its control API. Each call ends within the patience given, and
 * a failure comes as words. For one thread.
 */
final class ControlClient implements AutoCloseable {
    /** How long a call may take. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A status of ten thousand shards has a few MiB. */
    private static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;

    private final ControlTarget target;
    private final Duration patience;
    private final EventLoopGroup group;
    private final ManagedChannel channel;

    private ControlClient(
            ControlTarget target, Duration patience, EventLoopGroup group, ManagedChannel channel) {
        this.target = target;
        this.patience = patience;
        this.group = group;
        this.channel = channel;
    }

    /** A client that connects with its first call. */
    static ControlClient of(ControlTarget target, Duration patience) {
        // NIO on purpose: a command that lives for a moment need not load a native library.
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("gw-control-client", true),
                        NioIoHandler.newFactory());
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(connectTo(target.address()))
                        .channelType(channel(target.address()))
                        .eventLoopGroup(group)
                        .overrideAuthority("localhost")
                        .proxyDetector(_ -> null)
                        .usePlaintext()
                        .disableRetry()
                        .maxInboundMessageSize(MAX_ANSWER_BYTES)
                        .build();
        return new ControlClient(target, patience, group, channel);
    }

    private static SocketAddress connectTo(ControlAddress address) {
        return switch (address) {
            case ControlAddress.Unix unix -> UnixDomainSocketAddress.of(unix.path());
            case ControlAddress.Tcp tcp -> new InetSocketAddress(tcp.host(), tcp.port());
        };
    }

    private static Class<? extends Channel> channel(ControlAddress address) {
        return switch (address) {
            case ControlAddress.Unix _ -> NioDomainSocketChannel.class;
            case ControlAddress.Tcp _ -> NioSocketChannel.class;
        };
    }

    /** The whole state. */
    Status status() throws UserError {
        try {
            return stub().getStatus(GetStatusRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            throw failure(e, "");
        }
    }

    /**
     * The state now and after each interval, until the supervisor goes.
     *
     * @param each gets each state; false ends the watch
     * @return whether the supervisor has gone
     * @throws UserError when nothing answered, or nothing more for the interval and the patience
     */
    boolean watch(Duration interval, Predicate<Status> each) throws UserError {
        StatusStream stream = new StatusStream();
        ControlGrpc.newStub(channel)
                .watchStatus(
                        WatchStatusRequest.newBuilder()
                                .setIntervalMs((int) interval.toMillis())
                                .build(),
                        stream);
        Duration within = interval.plus(patience);
        boolean answered = false;
        try {
            while (true) {
                switch (stream.take(within)) {
                    case StatusStream.Event.Next(Status status) -> {
                        answered = true;
                        if (!each.test(status)) {
                            return false;
                        }
                    }
                    case StatusStream.Event.End(Throwable error) -> {
                        ended(error, answered);
                        return true;
                    }
                    case null ->
                            throw Unanswered.slow(
                                    target, within, new TimeoutException("no status"));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            stream.cancel();
        }
    }

    /** Going away is how a watch ends; anything else is an error. */
    private void ended(@Nullable Throwable error, boolean answered) throws UserError {
        if (error instanceof StatusRuntimeException failed && !(answered && isGone())) {
            throw failure(failed, "");
        }
    }

    /** Whether nothing answers any more; how a broken stream ends says little about that. */
    private boolean isGone() {
        try {
            var _ = stub().getStatus(GetStatusRequest.getDefaultInstance());
            return false;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Code.UNAVAILABLE && e.getCause() != null;
        }
    }

    /** Reconnects a shard; fresh: with a new session, which spends an identify. */
    void restartShard(int shardId, boolean fresh) throws UserError {
        try {
            var _ =
                    stub().restartShard(
                                    RestartShardRequest.newBuilder()
                                            .setShardId(shardId)
                                            .setFresh(fresh)
                                            .build());
        } catch (StatusRuntimeException e) {
            throw failure(e, "This supervisor holds the shards " + shardRange() + ".");
        }
    }

    /** Replaces a worker; gives the pid of the process that leaves, 0: none ran. */
    long restartWorker(int worker) throws UserError {
        try {
            return stub().restartWorker(RestartWorkerRequest.newBuilder().setWorker(worker).build())
                    .getPid();
        } catch (StatusRuntimeException e) {
            throw failure(e, "This supervisor has the workers " + workerRange() + ".");
        }
    }

    /** Begins to stop the supervisor; the sessions are kept for the next start, or ended. */
    StopResponse stop(boolean keepSessions) throws UserError {
        try {
            return stub().stop(StopRequest.newBuilder().setKeepSessions(keepSessions).build());
        } catch (StatusRuntimeException e) {
            throw failure(e, "");
        }
    }

    /** Begins to replace the supervisor by the program that is installed now. */
    UpgradeResponse upgrade() throws UserError {
        try {
            return stub().upgrade(UpgradeRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            throw failure(e, "");
        }
    }

    /** Begins a reshard, or asks what it would be. */
    ReshardResponse reshard(ReshardRequest request) throws UserError {
        try {
            return stub().reshard(request);
        } catch (StatusRuntimeException e) {
            throw failure(e, "");
        }
    }

    /** Gives up the reshard that is under way. */
    void cancelReshard() throws UserError {
        try {
            var _ = stub().cancelReshard(CancelReshardRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            throw failure(e, "");
        }
    }

    private String shardRange() throws UserError {
        PlanStatus plan = status().getPlan();
        return Words.range(plan.getFirstShard(), plan.getLastShard());
    }

    private String workerRange() throws UserError {
        List<Integer> numbers =
                status().getWorkersList().stream().map(WorkerStatus::getWorker).sorted().toList();
        // A reshard leaves numbers out: its workers get new ones.
        return numbers.isEmpty() ? "none" : Words.range(numbers.getFirst(), numbers.getLast());
    }

    private ControlBlockingStub stub() {
        return ControlGrpc.newBlockingStub(channel).withDeadlineAfter(patience);
    }

    private UserError failure(StatusRuntimeException e, String notFoundAdvice) {
        String said = String.valueOf(e.getStatus().getDescription());
        return switch (e.getStatus().getCode()) {
            case UNAVAILABLE -> Unanswered.unavailable(target, e);
            case DEADLINE_EXCEEDED -> Unanswered.slow(target, patience, e);
            case NOT_FOUND -> new UserError(ExitCode.REFUSED, said, notFoundAdvice, e);
            case FAILED_PRECONDITION, INVALID_ARGUMENT ->
                    new UserError(ExitCode.REFUSED, said, "", e);
            case UNIMPLEMENTED ->
                    new UserError(
                            ExitCode.REFUSED,
                            "the supervisor " + target.words() + " doesn't know this command",
                            "It is of another version of gw: restart it with this one.",
                            e);
            default ->
                    new UserError(
                            ExitCode.INTERNAL,
                            "the supervisor failed: " + e.getStatus().getCode() + ": " + said,
                            "",
                            e);
        };
    }

    @Override
    public void close() {
        channel.shutdownNow();
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
