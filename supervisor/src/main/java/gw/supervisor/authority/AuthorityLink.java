package gw.supervisor.authority;

import gw.proto.v1.AuthorityAnswer;
import gw.proto.v1.AuthorityAsk;
import gw.supervisor.identify.IdentifyTimer;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The stream to the identify authority, dialled again whenever it ends. Owned by the control
 * thread.
 */
final class AuthorityLink implements AutoCloseable {
    private static final Duration BEAT = Duration.ofMillis(500);

    /** It answers at once, and tells its figures each second. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private static final int NONCE_BYTES = 16;

    /** What comes of it. Called on the control thread. */
    interface Listener {
        /**
         * What is asked from now on arrives.
         *
         * @param instance another one: it knows nothing of the tokens before
         */
        void joined(long instance);

        /** Only while joined. */
        void answer(AuthorityAnswer answer);
    }

    private final String words;
    private final AuthorityChannel channel;
    private final TokenProof proof;
    private final Listener listener;
    private final Executor control;
    private final IdentifyTimer timer;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final Redial redial;
    private final String client;
    private Beats beats;
    private @Nullable Stream stream;
    private boolean joined;
    private boolean closed;
    private Instant awaySince;
    private String reason = "not reached yet";

    AuthorityLink(
            String words,
            AuthorityChannel channel,
            TokenProof proof,
            Listener listener,
            Executor control,
            IdentifyTimer timer,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.words = words;
        this.channel = channel;
        this.proof = proof;
        this.listener = listener;
        this.control = control;
        this.timer = timer;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.redial = new Redial(random);
        this.client = hex();
        this.beats = new Beats(clock, nanos);
        this.awaySince = clock.instant();
    }

    boolean isJoined() {
        return joined;
    }

    /** Why no token comes, and since when; empty: nothing is wrong. */
    Optional<String> problem() {
        return joined
                ? Optional.empty()
                : Optional.of(
                        "no shard can identify since "
                                + awaySince.truncatedTo(ChronoUnit.SECONDS)
                                + ": the identify authority at "
                                + words
                                + " "
                                + reason);
    }

    /** Dropped while not joined: all is told anew then. */
    void send(AuthorityAsk ask) {
        Stream to = stream;
        if (joined && to != null) {
            to.send(ask);
        }
    }

    /** How old what names this beat is at most. */
    long ageNanos(long beat) {
        return beats.ageNanos(beat);
    }

    void dial() {
        if (closed) {
            return;
        }
        String nonce = hex();
        Stream next = new Stream(nonce);
        stream = next;
        beats = new Beats(clock, nanos);
        var _ = channel.dial(proof.header(clock.millis(), nonce)).join(next);
        next.send(
                AuthorityAsk.newBuilder()
                        .setJoin(AuthorityAsk.Join.newBuilder().setClient(client))
                        .build());
        beat(next);
    }

    private void beat(Stream of) {
        if (!of.equals(stream)) {
            return;
        }
        if (nanos.getAsLong() - of.heardNanos > SILENCE.toNanos()) {
            of.hangUp("silent for " + SILENCE.toSeconds() + " s");
            lost(
                    of,
                    Status.UNAVAILABLE.withDescription(
                            "it was silent for " + SILENCE.toSeconds() + " s"));
            return;
        }
        of.send(
                AuthorityAsk.newBuilder()
                        .setBeat(AuthorityAsk.Beat.newBuilder().setNumber(beats.next()))
                        .build());
        var _ = timer.after(BEAT, () -> beat(of));
    }

    private void heard(Stream from, AuthorityAnswer answer) {
        if (!from.equals(stream)) {
            return;
        }
        from.heardNanos = nanos.getAsLong();
        if (joined) {
            listener.answer(answer);
        } else if (answer.hasWelcome()
                && proof.isWelcome(answer.getWelcome().getProof().toByteArray(), from.nonce)) {
            joined = true;
            redial.worked();
            listener.joined(answer.getWelcome().getInstance());
        } else {
            from.hangUp("no welcome");
            lost(
                    from,
                    Status.UNAUTHENTICATED.withDescription(
                            "what answers there doesn't know this bot's token"));
        }
    }

    private void lost(Stream was, Status status) {
        if (!was.equals(stream)) {
            return;
        }
        stream = null;
        if (joined) {
            joined = false;
            awaySince = clock.instant();
        }
        reason = reason(status);
        if (!closed) {
            var _ = timer.after(redial.after(status), this::dial);
        }
    }

    private static String reason(Status status) {
        String said = status.getDescription();
        Throwable cause = status.getCause();
        if (Redial.isRefusal(status)) {
            return "refuses this supervisor: " + (said == null ? status.getCode() : said);
        }
        // gRPC's own words for what the system says are "io exception".
        Object why = cause != null && cause.getMessage() != null ? cause.getMessage() : said;
        return "can't be reached: " + (why == null ? status.getCode() : why);
    }

    private String hex() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Hangs up for good. */
    @Override
    public void close() {
        closed = true;
        Stream last = stream;
        stream = null;
        joined = false;
        if (last != null) {
            last.hangUp("closing");
        }
        channel.close();
    }

    /** One call. The observer's methods come on the channel's thread. */
    private final class Stream implements ClientResponseObserver<AuthorityAsk, AuthorityAnswer> {
        private final String nonce;
        private @Nullable ClientCallStreamObserver<AuthorityAsk> requests;
        private long heardNanos = nanos.getAsLong();

        Stream(String nonce) {
            this.nonce = nonce;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AuthorityAsk> to) {
            requests = to;
        }

        void send(AuthorityAsk ask) {
            if (requests != null) {
                requests.onNext(ask);
            }
        }

        void hangUp(String why) {
            if (requests != null) {
                requests.cancel(why, null);
            }
        }

        @Override
        public void onNext(AuthorityAnswer answer) {
            onControl(() -> heard(this, answer));
        }

        @Override
        public void onError(Throwable error) {
            onControl(() -> lost(this, Status.fromThrowable(error)));
        }

        @Override
        public void onCompleted() {
            onControl(() -> lost(this, Status.UNAVAILABLE.withDescription("it ended the stream")));
        }

        private void onControl(Runnable task) {
            try {
                control.execute(task);
            } catch (RejectedExecutionException e) {
                // The supervisor has ended: nobody is left who would hear it.
                hangUp("closing");
            }
        }
    }
}
