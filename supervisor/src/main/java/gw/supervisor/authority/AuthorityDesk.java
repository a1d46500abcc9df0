package gw.supervisor.authority;

import com.google.protobuf.ByteString;

import gw.proto.v1.AuthorityAnswer;
import gw.proto.v1.AuthorityAnswer.Figures;
import gw.proto.v1.AuthorityAnswer.Position;
import gw.proto.v1.AuthorityAsk;
import gw.supervisor.identify.IdentifyKey;
import gw.supervisor.identify.IdentifyLimiter;
import gw.supervisor.identify.IdentifyListener;
import gw.supervisor.identify.IdentifySnapshot;
import gw.supervisor.identify.IdentifyTimer;

import io.grpc.Status;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Between the one limiter and all who take tokens of it: this supervisor's own shards, and the
 * supervisors that have joined (P5). Owned by the control thread.
 */
final class AuthorityDesk implements IdentifyListener {
    static final long FIGURES_EACH_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Pattern CLIENT = Pattern.compile("[0-9a-f]{32}");

    private final IdentifyListener local;
    private final IdentifyLimiter limiter;
    private final TokenProof proof;
    private final IdentifyTimer timer;
    private final LongSupplier nanos;
    private final long instance;
    private final Seats seats = new Seats();
    private final Set<Caller> callers = new HashSet<>();
    private boolean ticking;
    private boolean closed;

    /**
     * A desk at which nobody has joined.
     *
     * @param local hears of the keys of slots below 16, and what concerns the limit
     * @param instance another one in each process
     */
    AuthorityDesk(
            IdentifyListener local,
            Function<IdentifyListener, IdentifyLimiter> limiter,
            TokenProof proof,
            IdentifyTimer timer,
            LongSupplier nanos,
            long instance) {
        this.local = local;
        this.proof = proof;
        this.timer = timer;
        this.nanos = nanos;
        this.instance = instance;
        this.limiter = limiter.apply(this);
    }

    IdentifyLimiter limiter() {
        return limiter;
    }

    // ---- what the limiter says ---------------------------------------------------------------

    @Override
    public void turn(int key) {
        if (isLocal(key)) {
            local.turn(key);
            return;
        }
        Seat seat = seats.of(key);
        Caller caller = seat.caller();
        if (caller != null) {
            caller.send(
                    AuthorityAnswer.newBuilder()
                            .setTurn(AuthorityAnswer.Turn.newBuilder().setKey(seat.ownKey(key)))
                            .build());
        }
    }

    @Override
    public void grant(int key, long grantId, Duration validFor) {
        if (isLocal(key)) {
            local.grant(key, grantId, validFor);
            return;
        }
        Seat seat = seats.of(key);
        Caller caller = seat.caller();
        if (caller == null) {
            limiter.released(key, grantId);
            return;
        }
        seat.granted(seat.ownKey(key), grantId);
        caller.send(
                AuthorityAnswer.newBuilder()
                        .setGrant(
                                AuthorityAnswer.Grant.newBuilder()
                                        .setKey(seat.ownKey(key))
                                        .setGrantId(grantId)
                                        .setValidForMs((int) validFor.toMillis())
                                        .setBeat(caller.beat()))
                        .build());
    }

    @Override
    public void limitExhausted(Instant until) {
        local.limitExhausted(until);
    }

    @Override
    public void wantsFreshLimit() {
        local.wantsFreshLimit();
    }

    private static boolean isLocal(int key) {
        return IdentifyKey.slot(key) < Seats.FIRST_SLOT;
    }

    // ---- what the callers say ----------------------------------------------------------------

    void opened(Caller caller) {
        callers.add(caller);
        if (closed) {
            caller.end(stopping());
        } else if (callers.size() > 2 * Seats.MOST) {
            caller.end(full());
        }
        if (!ticking) {
            ticking = true;
            var _ = timer.after(TICK, this::tick);
        }
    }

    /** Hangs up, and takes nobody any more. */
    void close() {
        closed = true;
        List.copyOf(callers).forEach(caller -> caller.end(stopping()));
    }

    void left(Caller caller) {
        callers.remove(caller);
        Seat seat = caller.seat();
        if (seat != null && caller.equals(seat.caller())) {
            seat.left(nanos.getAsLong());
            limiter.holderLost(seat::owns);
        }
    }

    void asked(Caller caller, AuthorityAsk ask) {
        int asks = 1 + ask.getWorkerLost().getKeysCount() + ask.getForget().getKeysCount();
        Seat seat = caller.seat();
        if (!caller.asks(asks, nanos.getAsLong())) {
            caller.end(
                    Status.RESOURCE_EXHAUSTED.withDescription(
                            "more than "
                                    + Allowance.AT_ONCE
                                    + " asks at once or "
                                    + Allowance.EACH_SECOND
                                    + " a second: no supervisor asks so much"));
        } else if (seat == null) {
            join(caller, ask);
        } else {
            String complaint = seat.complaint(ask);
            if (complaint == null) {
                obey(caller, seat, ask);
            } else {
                caller.end(Status.INVALID_ARGUMENT.withDescription(complaint));
            }
        }
    }

    private void join(Caller caller, AuthorityAsk ask) {
        String client = ask.getJoin().getClient();
        if (!ask.hasJoin() || !CLIENT.matcher(client).matches()) {
            caller.end(
                    Status.INVALID_ARGUMENT.withDescription(
                            "the first ask is no Join with a client of 32 hex digits"));
            return;
        }
        Seat seat = seats.find(client, nanos.getAsLong());
        if (seat == null) {
            caller.end(full());
            return;
        }
        Caller before = seat.caller();
        if (before != null) {
            before.end(Status.ABORTED.withDescription("the same supervisor has joined anew"));
        }
        if (!seat.client().equals(client)) {
            limiter.forget(seat::owns);
        }
        for (int slot = 0; slot < Seat.SLOTS; slot++) {
            limiter.background(seat.limiterSlot(slot), false);
        }
        seat.takenBy(client, caller);
        caller.sit(seat);
        caller.send(
                AuthorityAnswer.newBuilder()
                        .setWelcome(
                                AuthorityAnswer.Welcome.newBuilder()
                                        .setProof(
                                                ByteString.copyFrom(proof.welcome(caller.nonce())))
                                        .setInstance(instance))
                        .build());
        caller.tell(figures(limiter.snapshot()), this::addPositions, nanos.getAsLong());
    }

    private void obey(Caller caller, Seat seat, AuthorityAsk ask) {
        switch (ask.getAskCase()) {
            case BEAT -> caller.beat(ask.getBeat().getNumber());
            case WANTED -> {
                AuthorityAsk.Wanted wanted = ask.getWanted();
                seat.queued(wanted.getKey());
                limiter.wanted(seat.limiterKey(wanted.getKey()), wanted.getReplacesLostSession());
            }
            case READY -> {
                seat.queued(ask.getReady().getKey());
                limiter.ready(seat.limiterKey(ask.getReady().getKey()));
            }
            case SENT -> {
                seat.identified(ask.getSent().getKey());
                limiter.sent(seat.limiterKey(ask.getSent().getKey()), ask.getSent().getGrantId());
            }
            case RELEASED ->
                    limiter.released(
                            seat.limiterKey(ask.getReleased().getKey()),
                            ask.getReleased().getGrantId());
            case ANSWERED ->
                    limiter.answered(
                            seat.limiterKey(ask.getAnswered().getKey()),
                            ask.getAnswered().getAccepted());
            case WORKER_LOST ->
                    limiter.workerLost(
                            limiterKeys(seat, ask.getWorkerLost().getKeysList())::contains);
            case FORGET -> {
                seat.forget(ask.getForget().getKeysList());
                limiter.forget(limiterKeys(seat, ask.getForget().getKeysList())::contains);
            }
            case BACKGROUND ->
                    limiter.background(
                            seat.limiterSlot(ask.getBackground().getSlot()),
                            ask.getBackground().getOn());
            case TRY_ONE_FIRST -> limiter.tryOneFirst();
            case JOIN, ASK_NOT_SET -> {
                // The seat has complained of these.
            }
        }
    }

    private static Set<Integer> limiterKeys(Seat seat, List<Integer> keys) {
        Set<Integer> all = new HashSet<>();
        keys.forEach(key -> all.add(seat.limiterKey(key)));
        return all;
    }

    private static Status stopping() {
        return Status.UNAVAILABLE.withDescription("the supervisor is stopping");
    }

    private static Status full() {
        return Status.RESOURCE_EXHAUSTED.withDescription(
                "as many supervisors as there may be have joined: " + Seats.MOST);
    }

    // ---- how it stands -----------------------------------------------------------------------

    /** Adds the places of a seat's keys to the figures that are the same for all. */
    @FunctionalInterface
    interface Positions {
        Figures addTo(Figures figures, Seat seat);
    }

    private void tick() {
        long now = nanos.getAsLong();
        Figures figures = figures(limiter.snapshot());
        for (Caller caller : List.copyOf(callers)) {
            if (caller.silentNanos(now) > SILENCE.toNanos()) {
                caller.end(
                        Status.UNAVAILABLE.withDescription(
                                "nothing was heard for " + SILENCE.toSeconds() + " s"));
            } else {
                caller.tell(figures, this::addPositions, now);
            }
        }
        ticking = !callers.isEmpty();
        if (ticking) {
            var _ = timer.after(TICK, this::tick);
        }
    }

    private static Figures figures(IdentifySnapshot snapshot) {
        Figures.Builder figures =
                Figures.newBuilder()
                        .setTotal(snapshot.total())
                        .setRemaining(snapshot.remaining())
                        .setMaxConcurrency(snapshot.maxConcurrency())
                        .setIntervalMs((int) snapshot.interval().toMillis())
                        .setReserve(snapshot.reserve())
                        .setProblem(snapshot.problem().orElse(""));
        snapshot.resetsAt().ifPresent(at -> figures.setResetsAtMs(at.toEpochMilli()));
        snapshot.waitingUntil().ifPresent(at -> figures.setWaitingUntilMs(at.toEpochMilli()));
        return figures.build();
    }

    /** What changes all the time, and is no news by itself. */
    private Figures addPositions(Figures figures, Seat seat) {
        Figures.Builder all = figures.toBuilder();
        limiter.snapshot().doneAt().ifPresent(at -> all.setDoneAtMs(at.toEpochMilli()));
        for (int key : seat.keys()) {
            int position = limiter.position(seat.limiterKey(key));
            if (position > 0) {
                all.addPositions(Position.newBuilder().setKey(key).setPosition(position));
            }
        }
        return all.build();
    }
}
