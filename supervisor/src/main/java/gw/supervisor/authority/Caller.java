package gw.supervisor.authority;

import gw.proto.v1.AuthorityAnswer;
import gw.proto.v1.AuthorityAsk;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The stream of another supervisor. What it asks is done on the control thread, and only so much is
 * read ahead; nothing more is read while it doesn't take its answers (P7). Beside the observer's
 * methods all is the control thread's.
 */
final class Caller implements StreamObserver<AuthorityAsk> {
    private static final int READ_AHEAD = 64;

    private final ServerCallStreamObserver<AuthorityAnswer> out;
    private final AuthorityDesk desk;
    private final Executor control;
    private final String nonce;
    private final Allowance allowance;
    private @Nullable Seat seat;
    private AuthorityAnswer.@Nullable Figures toldFigures;
    private long toldNanos;
    private long heardNanos;
    private long beat;
    private int taken;
    private boolean ended;

    /** Begins to read. */
    Caller(
            ServerCallStreamObserver<AuthorityAnswer> out,
            AuthorityDesk desk,
            Executor control,
            String nonce,
            long nowNanos) {
        this.out = out;
        this.desk = desk;
        this.control = control;
        this.nonce = nonce;
        this.allowance = new Allowance(nowNanos);
        this.heardNanos = nowNanos;
        out.disableAutoRequest();
        out.setOnCancelHandler(this::gone);
        out.setOnReadyHandler(() -> onControl(this::readOn));
        onControl(() -> desk.opened(this));
        out.request(READ_AHEAD);
    }

    @Override
    public void onNext(AuthorityAsk ask) {
        onControl(() -> {
            if (!ended) {
                desk.asked(this, ask);
                taken++;
                readOn();
            }
        });
    }

    @Override
    public void onError(Throwable error) {
        gone();
    }

    @Override
    public void onCompleted() {
        gone();
    }

    private void gone() {
        onControl(() -> end(Status.OK));
    }

    private void onControl(Runnable task) {
        try {
            control.execute(task);
        } catch (RejectedExecutionException e) {
            // The supervisor has ended, and all streams with it.
        }
    }

    private void readOn() {
        if (taken > 0 && out.isReady()) {
            out.request(taken);
            taken = 0;
        }
    }

    /** Hangs up, once. */
    void end(Status status) {
        if (ended) {
            return;
        }
        ended = true;
        desk.left(this);
        if (out.isCancelled()) {
            return;
        }
        if (status.isOk()) {
            out.onCompleted();
        } else {
            out.onError(status.asRuntimeException());
        }
    }

    void send(AuthorityAnswer answer) {
        if (!ended && !out.isCancelled()) {
            out.onNext(answer);
        }
    }

    /** Tells how it stands, when that is news or a while ago and the caller takes it. */
    void tell(AuthorityAnswer.Figures now, AuthorityDesk.Positions positions, long nowNanos) {
        boolean due =
                !now.equals(toldFigures)
                        || nowNanos - toldNanos >= AuthorityDesk.FIGURES_EACH_NANOS;
        Seat of = seat;
        if (due && of != null && out.isReady()) {
            toldFigures = now;
            toldNanos = nowNanos;
            send(AuthorityAnswer.newBuilder().setFigures(positions.addTo(now, of)).build());
        }
    }

    /** Notes that it lives, and whether it may ask so much. */
    boolean asks(int asks, long nowNanos) {
        heardNanos = nowNanos;
        return allowance.take(asks, nowNanos);
    }

    long silentNanos(long nowNanos) {
        return nowNanos - heardNanos;
    }

    String nonce() {
        return nonce;
    }

    /** Where it sits; null: it has not joined yet. */
    @Nullable Seat seat() {
        return seat;
    }

    void sit(Seat at) {
        seat = at;
    }

    long beat() {
        return beat;
    }

    void beat(long number) {
        beat = number;
    }
}
