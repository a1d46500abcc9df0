package gw.supervisor.authority;

import gw.model.Secret;
import gw.model.SessionStartLimit;
import gw.proto.v1.AuthorityAnswer;
import gw.proto.v1.AuthorityAnswer.Figures;
import gw.proto.v1.AuthorityAnswer.Position;
import gw.proto.v1.AuthorityAsk;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.identify.Identifies;
import gw.supervisor.identify.IdentifyListener;
import gw.supervisor.identify.IdentifySnapshot;
import gw.supervisor.identify.IdentifyTimer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Takes every identify token from another supervisor of the same bot. While that one can't be
 * reached nobody identifies; what was wanted meanwhile is told when it is back. Owned by the
 * control thread.
 */
public final class RemoteIdentifies implements Identifies, AutoCloseable {
    private final IdentifyListener out;
    private final AuthorityLink link;
    private final HeldKeys held = new HeldKeys();
    private final Tokens tokens = new Tokens();
    private final BitSet background = new BitSet();
    private final Map<Integer, Integer> positions = new HashMap<>();
    private Figures figures = Figures.newBuilder().setMaxConcurrency(1).build();

    /** What it is about to ask for may be refused, whatever others were granted. */
    private boolean trialUntold = true;

    private long instance;
    private long spent;
    private long toldUntilMillis;

    RemoteIdentifies(
            ControlAddress address,
            Secret token,
            IdentifyListener out,
            Executor control,
            IdentifyTimer timer,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.out = out;
        this.link =
                new AuthorityLink(
                        address.toString(),
                        new AuthorityChannel(address),
                        new TokenProof(token),
                        new Answers(),
                        control,
                        timer,
                        clock,
                        nanos,
                        random);
        control.execute(link::dial);
    }

    /**
     * Begins to dial, and goes on for as long as it isn't closed.
     *
     * @param address the control API of the supervisor that is the authority
     * @param token the bot's; it never travels
     * @param listener hears of turns and tokens; never asked for a fresh limit
     * @param control the control thread, which owns this
     * @param clock the wall's, to be within a minute of the authority's
     * @param nanos monotonic
     * @param random for nonces and waits
     */
    public static RemoteIdentifies to(
            ControlAddress address,
            Secret token,
            IdentifyListener listener,
            ScheduledExecutorService control,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random) {
        return new RemoteIdentifies(
                address, token, listener, control, IdentifyTimer.on(control), clock, nanos, random);
    }

    @Override
    public void wanted(int key, boolean replacesLostSession) {
        HeldKeys.Held place = held.queue(key);
        place.replacesLostSession |= replacesLostSession;
        place.ready = false;
        link.send(Asks.wanted(key, place.replacesLostSession));
    }

    @Override
    public void ready(int key) {
        held.queue(key).ready = true;
        link.send(Asks.ready(key));
    }

    @Override
    public void sent(int key, long grantId) {
        spent++;
        settle(key, grantId, Asks.sent(key, grantId));
        HeldKeys.Held of = held.find(key);
        if (of != null) {
            of.queued = false;
            of.ready = false;
            of.replacesLostSession = false;
            of.awaitsAnswer = true;
        }
    }

    @Override
    public void released(int key, long grantId) {
        if (grantId != 0) {
            settle(key, grantId, Asks.released(key, grantId));
            return;
        }
        HeldKeys.Held of = held.find(key);
        if (of != null && of.queued) {
            of.queued = false;
            of.ready = false;
            link.send(Asks.released(key, 0));
        }
    }

    /** One that this authority didn't give it knows nothing of: it has expired there. */
    private void settle(int key, long grantId, AuthorityAsk ask) {
        HeldKeys.Held of = held.find(key);
        if (of != null && of.grantId == grantId) {
            of.grantId = 0;
        }
        if (!tokens.isKnown(key, grantId)) {
            return;
        }
        if (link.isJoined()) {
            link.send(ask);
        } else {
            tokens.untold(grantId, ask);
        }
    }

    @Override
    public void answered(int key, boolean accepted) {
        HeldKeys.Held of = held.find(key);
        boolean concernsToken = of != null && (of.awaitsAnswer || of.grantId != 0);
        if (accepted || concernsToken) {
            link.send(Asks.answered(key, accepted));
        }
        if (of != null) {
            of.awaitsAnswer = false;
            if (!of.queued && of.grantId == 0) {
                held.remove(key);
            }
        }
    }

    @Override
    public void workerLost(IntPredicate keys) {
        List<Integer> lost = held.matching(keys);
        lost.forEach(held::lost);
        inPieces(lost, Asks::workerLost);
    }

    @Override
    public void forget(IntPredicate keys) {
        List<Integer> forgotten = held.matching(keys);
        forgotten.forEach(held::remove);
        inPieces(forgotten, Asks::forget);
    }

    private void inPieces(List<Integer> keys, Function<List<Integer>, AuthorityAsk> ask) {
        for (int from = 0; from < keys.size(); from += Seat.MOST_LISTED) {
            int to = Math.min(keys.size(), from + Seat.MOST_LISTED);
            link.send(ask.apply(keys.subList(from, to)));
        }
    }

    /** Nothing: the authority asks Discord. */
    @Override
    public void limit(SessionStartLimit fresh) {}

    /** As the authority told it, at most a second ago. */
    @Override
    public int position(int key) {
        HeldKeys.Held of = held.find(key);
        return of == null || !of.queued ? 0 : positions.getOrDefault(key, 0);
    }

    @Override
    public void background(int slot, boolean on) {
        if (slot < 0 || slot >= Seat.SLOTS) {
            throw new IllegalArgumentException(
                    "slot: " + slot + " (expected: 0.." + (Seat.SLOTS - 1) + ")");
        }
        background.set(slot, on);
        link.send(Asks.background(slot, on));
    }

    @Override
    public void tryOneFirst() {
        trialUntold = !link.isJoined();
        link.send(Asks.tryOneFirst());
    }

    @Override
    public IdentifySnapshot snapshot() {
        int queued = held.queued();
        return new IdentifySnapshot(
                figures.getTotal(),
                figures.getRemaining(),
                moment(figures.getResetsAtMs()),
                Math.max(1, figures.getMaxConcurrency()),
                Duration.ofMillis(figures.getIntervalMs()),
                queued,
                spent,
                figures.getReserve(),
                queued == 0 ? Optional.empty() : moment(figures.getWaitingUntilMs()),
                queued == 0 ? Optional.empty() : moment(figures.getDoneAtMs()),
                link.problem()
                        .or(() -> Optional.of(figures.getProblem()).filter(it -> !it.isEmpty())));
    }

    private static Optional<Instant> moment(long millis) {
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** Hangs up: the authority takes the tokens that are out for used once they have expired. */
    @Override
    public void close() {
        link.close();
    }

    /** What the authority says. */
    private final class Answers implements AuthorityLink.Listener {
        @Override
        public void joined(long newInstance) {
            if (newInstance != instance) {
                instance = newInstance;
                tokens.forgetAll();
                held.forgetTokens();
            }
            background.stream().forEach(slot -> link.send(Asks.background(slot, true)));
            if (trialUntold) {
                tryOneFirst();
            }
            tokens.takeUntold().forEach(link::send);
            held.asks().forEach(link::send);
        }

        @Override
        public void answer(AuthorityAnswer answer) {
            switch (answer.getAnswerCase()) {
                case TURN -> {
                    int key = answer.getTurn().getKey();
                    HeldKeys.Held of = held.find(key);
                    if (of != null && of.queued) {
                        out.turn(key);
                    }
                }
                case GRANT -> granted(answer.getGrant());
                case FIGURES -> stands(answer.getFigures());
                case WELCOME, ANSWER_NOT_SET -> {
                    // The first was heard; others are a later version's.
                }
            }
        }

        /** Nobody uses a token that may have expired where it comes from (P5). */
        private void granted(AuthorityAnswer.Grant grant) {
            int key = grant.getKey();
            long id = grant.getGrantId();
            tokens.granted(key, id);
            long validNanos = TimeUnit.MILLISECONDS.toNanos(grant.getValidForMs());
            long leftNanos = validNanos - Math.min(validNanos, link.ageNanos(grant.getBeat()));
            HeldKeys.Held of = held.find(key);
            if (of != null && of.queued && of.ready && leftNanos >= validNanos / 4) {
                of.queued = false;
                of.ready = false;
                of.grantId = id;
                out.grant(key, id, Duration.ofNanos(leftNanos));
                return;
            }
            link.send(Asks.released(key, id));
            if (of != null && of.queued) {
                link.send(Asks.wanted(key, of.replacesLostSession));
                if (of.ready) {
                    link.send(Asks.ready(key));
                }
            }
        }

        private void stands(Figures now) {
            positions.clear();
            for (Position position : now.getPositionsList()) {
                positions.put(position.getKey(), position.getPosition());
            }
            figures = now.toBuilder().clearPositions().build();
            long until = held.queued() == 0 ? 0 : now.getWaitingUntilMs();
            boolean news = Math.abs(until - toldUntilMillis) > 1_000;
            if (until == 0 || news) {
                toldUntilMillis = until;
            }
            if (until != 0 && news) {
                out.limitExhausted(Instant.ofEpochMilli(until));
            }
        }
    }
}
