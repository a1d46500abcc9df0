package gw.supervisor.authority;

import gw.model.Secret;
import gw.proto.v1.AuthorityAnswer;
import gw.proto.v1.AuthorityAsk;
import gw.proto.v1.IdentifyAuthorityGrpc;
import gw.supervisor.identify.IdentifyLimiter;
import gw.supervisor.identify.IdentifyListener;
import gw.supervisor.identify.IdentifyTimer;

import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Lets other supervisors of the same bot take their identify tokens here, so that all of them keep
 * Discord's rules together (P5). One that has no limiter of its own refuses them. Calls come on any
 * thread; what they ask is done on the control thread.
 */
public final class AuthorityService implements BindableService, AutoCloseable {
    private static final long CLOSE_MILLIS = 500;

    private final TokenProof proof;
    private final Executor control;
    private final IdentifyTimer timer;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ServerServiceDefinition definition;
    private volatile @Nullable AuthorityDesk desk;

    /**
     * A service that refuses until it has something to {@link #serve}.
     *
     * @param token whoever knows it may join
     * @param control the thread that owns the limiter
     * @param timer on the same thread
     * @param clock the wall's, to be within a minute of the callers'
     * @param nanos monotonic
     */
    public AuthorityService(
            Secret token,
            Executor control,
            IdentifyTimer timer,
            InstantSource clock,
            LongSupplier nanos) {
        this.proof = new TokenProof(token);
        this.control = control;
        this.timer = timer;
        this.clock = clock;
        this.nanos = nanos;
        this.definition =
                ServerInterceptors.intercept(
                        new JoinCalls().bindService(), new JoinGuard(proof, clock));
    }

    /**
     * From now on tokens of this limiter are given to those who join. Its slots from 16 on are
     * theirs.
     *
     * @param local hears of the slots below 16, and what concerns the session start limit
     * @param limiter makes the limiter for a listener
     * @return the limiter that was made
     */
    public IdentifyLimiter serve(
            IdentifyListener local, Function<IdentifyListener, IdentifyLimiter> limiter) {
        AuthorityDesk opened =
                new AuthorityDesk(local, limiter, proof, timer, nanos, clock.millis());
        desk = opened;
        return opened.limiter();
    }

    @Override
    public ServerServiceDefinition bindService() {
        return definition;
    }

    /** Hangs up on all who have joined; they try again until the next supervisor is there. */
    @Override
    public void close() {
        AuthorityDesk at = desk;
        if (at != null) {
            var _ =
                    CompletableFuture.runAsync(at::close, control)
                            .completeOnTimeout(null, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                            .join();
        }
    }

    private final class JoinCalls extends IdentifyAuthorityGrpc.IdentifyAuthorityImplBase {
        @Override
        public StreamObserver<AuthorityAsk> join(StreamObserver<AuthorityAnswer> answers) {
            AuthorityDesk at = desk;
            if (at == null) {
                answers.onError(
                        Status.FAILED_PRECONDITION
                                .withDescription(
                                        "this supervisor takes its identify tokens from another"
                                                + " one: name that one with --identify-authority")
                                .asRuntimeException());
                return new Deaf();
            }
            return new Caller(
                    (ServerCallStreamObserver<AuthorityAnswer>) answers,
                    at,
                    control,
                    JoinGuard.NONCE.get(),
                    nanos.getAsLong());
        }
    }

    /** After a refusal nothing is listened to. */
    private static final class Deaf implements StreamObserver<AuthorityAsk> {
        @Override
        public void onNext(AuthorityAsk ask) {}

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {}
    }
}
