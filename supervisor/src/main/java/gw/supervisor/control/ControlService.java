package gw.supervisor.control;

import gw.proto.v1.CancelReshardRequest;
import gw.proto.v1.CancelReshardResponse;
import gw.proto.v1.ControlGrpc;
import gw.proto.v1.GetStatusRequest;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.RestartShardRequest;
import gw.proto.v1.RestartShardResponse;
import gw.proto.v1.RestartWorkerRequest;
import gw.proto.v1.RestartWorkerResponse;
import gw.proto.v1.Status;
import gw.proto.v1.StopRequest;
import gw.proto.v1.StopResponse;
import gw.proto.v1.UpgradeRequest;
import gw.proto.v1.UpgradeResponse;
import gw.proto.v1.WatchStatusRequest;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The control contract over a {@link ControlHandler}. Calls run on virtual threads. */
final class ControlService extends ControlGrpc.ControlImplBase {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ControlHandler handler;

    ControlService(ControlHandler handler) {
        this.handler = handler;
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<Status> answer) {
        reply(answer, handler.status(), answer::onNext);
    }

    @Override
    public void watchStatus(WatchStatusRequest request, StreamObserver<Status> answer) {
        int interval = request.getIntervalMs() == 0 ? 1_000 : request.getIntervalMs();
        if (interval < 100 || interval > 60_000) {
            answer.onError(
                    io.grpc.Status.INVALID_ARGUMENT
                            .withDescription("interval_ms: " + interval + " (expected: 100..60000)")
                            .asRuntimeException());
            return;
        }
        var call = (ServerCallStreamObserver<Status>) answer;
        Thread watching = Thread.currentThread();
        call.setOnCancelHandler(watching::interrupt);
        try {
            while (!call.isCancelled()) {
                // A slow reader gets fewer snapshots, not a queue of old ones.
                if (call.isReady()) {
                    call.onNext(get(handler.status()));
                }
                TimeUnit.MILLISECONDS.sleep(interval);
            }
        } catch (InterruptedException e) {
            // The caller went away.
            Thread.currentThread().interrupt();
        } catch (StatusRuntimeException e) {
            if (!call.isCancelled()) {
                answer.onError(e);
            }
        }
    }

    @Override
    public void restartShard(
            RestartShardRequest request, StreamObserver<RestartShardResponse> answer) {
        reply(
                answer,
                handler.restartShard(request.getShardId(), request.getFresh()),
                _ -> answer.onNext(RestartShardResponse.getDefaultInstance()));
    }

    @Override
    public void restartWorker(
            RestartWorkerRequest request, StreamObserver<RestartWorkerResponse> answer) {
        reply(
                answer,
                handler.restartWorker(request.getWorker()),
                pid -> answer.onNext(RestartWorkerResponse.newBuilder().setPid(pid).build()));
    }

    @Override
    public void stop(StopRequest request, StreamObserver<StopResponse> answer) {
        reply(
                answer,
                handler.stop(request.getKeepSessions()),
                stopping ->
                        answer.onNext(
                                StopResponse.newBuilder()
                                        .setPid(stopping.pid())
                                        .setWorkers(stopping.workers())
                                        .setShards(stopping.shards())
                                        .setSessions(stopping.sessions())
                                        .setQueuedEvents(stopping.queuedEvents())
                                        .build()));
    }

    @Override
    public void upgrade(UpgradeRequest request, StreamObserver<UpgradeResponse> answer) {
        reply(
                answer,
                handler.upgrade(),
                upgrading ->
                        answer.onNext(
                                UpgradeResponse.newBuilder()
                                        .setPid(upgrading.pid())
                                        .setStartedAtMs(upgrading.startedAtMillis())
                                        .setVersion(upgrading.version())
                                        .build()));
    }

    @Override
    public void reshard(ReshardRequest request, StreamObserver<ReshardResponse> answer) {
        Optional<String> flaw = ReshardRequests.flaw(request);
        if (flaw.isPresent()) {
            answer.onError(
                    io.grpc.Status.INVALID_ARGUMENT
                            .withDescription(flaw.get())
                            .asRuntimeException());
            return;
        }
        reply(answer, handler.reshard(request), answer::onNext);
    }

    @Override
    public void cancelReshard(
            CancelReshardRequest request, StreamObserver<CancelReshardResponse> answer) {
        reply(
                answer,
                handler.cancelReshard(),
                _ -> answer.onNext(CancelReshardResponse.getDefaultInstance()));
    }

    private static <T> void reply(
            StreamObserver<?> answer, CompletableFuture<T> result, Consumer<T> send) {
        try {
            send.accept(get(result));
            answer.onCompleted();
        } catch (StatusRuntimeException e) {
            answer.onError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.onError(
                    io.grpc.Status.UNAVAILABLE.withDescription("stopping").asRuntimeException());
        }
    }

    private static <T> T get(CompletableFuture<T> result) throws InterruptedException {
        try {
            return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw io.grpc.Status.UNAVAILABLE
                    .withDescription(
                            "the supervisor did not answer within "
                                    + PATIENCE.toSeconds()
                                    + " s: it is overloaded")
                    .asRuntimeException();
        } catch (ExecutionException e) {
            throw status(e).asRuntimeException();
        }
    }

    private static io.grpc.Status status(ExecutionException failure) {
        Throwable inner = failure.getCause() == null ? failure : failure.getCause();
        if (inner instanceof ControlRefusal refusal) {
            return switch (refusal.kind()) {
                case NOT_FOUND -> io.grpc.Status.NOT_FOUND.withDescription(refusal.getMessage());
                case NOT_NOW ->
                        io.grpc.Status.FAILED_PRECONDITION.withDescription(refusal.getMessage());
            };
        }
        return io.grpc.Status.INTERNAL.withDescription(inner.toString());
    }
}
