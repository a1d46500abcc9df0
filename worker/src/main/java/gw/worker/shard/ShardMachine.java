package gw.worker.shard;

import gw.model.Session;
import gw.worker.shard.ShardAction.Connect;
import gw.worker.shard.ShardAction.Disconnect;
import gw.worker.shard.ShardAction.LoseSession;
import gw.worker.shard.ShardAction.ReadyToIdentify;
import gw.worker.shard.ShardAction.ReleaseIdentify;
import gw.worker.shard.ShardAction.SendHeartbeat;
import gw.worker.shard.ShardAction.SendIdentify;
import gw.worker.shard.ShardAction.SendResume;
import gw.worker.shard.ShardAction.WantIdentify;
import gw.worker.shard.ShardState.AwaitingGrant;
import gw.worker.shard.ShardState.AwaitingHello;
import gw.worker.shard.ShardState.Backoff;
import gw.worker.shard.ShardState.Connecting;
import gw.worker.shard.ShardState.Fatal;
import gw.worker.shard.ShardState.Goal;
import gw.worker.shard.ShardState.Identifying;
import gw.worker.shard.ShardState.Idle;
import gw.worker.shard.ShardState.Queued;
import gw.worker.shard.ShardState.Ready;
import gw.worker.shard.ShardState.Resuming;
import gw.worker.socket.SocketClose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The shard's protocol with Discord as a function of state and input: no I/O, no clock. The only
 * thing it draws from outside is randomness, for jitter.
 *
 * @see <a href="https://docs.discord.com/developers/events/gateway#connection-lifecycle">Discord:
 *     Connection Lifecycle</a>
 */
public final class ShardMachine {
    /** Of our own range: Discord keeps the session when we close with it. */
    public static final int CLOSE_RESUMABLE = 4900;

    private static final int RESUME_URL_TRIES = 3;
    private static final int MAX_UNANSWERED_RESUMES = 12;
    private static final int READY_TIMEOUTS = 5;
    private static final long RESUME_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** A shard that was ready for as long owes nothing any more to the tries before. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ShardSettings settings;
    private final ReconnectBackoff backoff;

    /** A machine for one or many shards; it holds no state of its own but {@code random}'s. */
    public ShardMachine(ShardSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.backoff = new ReconnectBackoff(random);
    }

    /** One step. {@code nowNanos} never goes back. */
    public Transition step(ShardState state, ShardInput input, long nowNanos) {
        return switch (input) {
            case ShardInput.Start start -> start(state, start.session(), nowNanos);
            case ShardInput.Stop _ -> stop(state);
            case ShardInput.Restart restart -> restart(state, restart.fresh(), nowNanos);
            case ShardInput.Reattached _ -> reattached(state);
            case ShardInput.Turn _ -> turn(state, nowNanos);
            case ShardInput.Granted granted -> granted(state, granted.grantId(), nowNanos);
            case ShardInput.Opened _ ->
                    state instanceof Connecting connecting
                            ? Transition.to(
                                    new AwaitingHello(
                                            connecting.goal(),
                                            nowNanos + settings.helloTimeout().toNanos()),
                                    "connected")
                            : Transition.stay(state);
            case ShardInput.Hello hello -> hello(state, hello.intervalNanos(), nowNanos);
            case ShardInput.HeartbeatAck _ ->
                    withHeartbeat(state, heartbeatOf(state).map(Heartbeat::ack));
            case ShardInput.HeartbeatRequest _ -> heartbeatRequest(state, nowNanos);
            case ShardInput.ReconnectRequest _ ->
                    connected(state)
                            ? lostConnection(state, "op 7: Discord asks to reconnect", 0, nowNanos)
                            : Transition.stay(state);
            case ShardInput.InvalidSession invalid ->
                    invalidSession(state, invalid.resumable(), nowNanos);
            case ShardInput.ReadyReceived ready -> ready(state, ready.session(), nowNanos);
            case ShardInput.ResumedReceived _ ->
                    state instanceof Resuming resuming
                            ? Transition.to(
                                    new Ready(
                                            resuming.goal().session(),
                                            resuming.heartbeat(),
                                            resuming.goal().tries() + 1,
                                            nowNanos),
                                    "resumed")
                            : Transition.stay(state);
            case ShardInput.Malformed malformed ->
                    connected(state)
                            ? lostConnection(
                                    state, "not understood: " + malformed.what(), 0, nowNanos)
                            : Transition.stay(state);
            case ShardInput.Unsendable unsendable ->
                    state instanceof Identifying
                            ? new Transition(
                                    new Fatal(0),
                                    leave(state, "nothing to send"),
                                    unsendable.why(),
                                    0)
                            : Transition.stay(state);
            case ShardInput.Closed closed -> closed(state, closed.close(), nowNanos);
            case ShardInput.Tick tick -> tick(state, tick.lastInboundNanos(), nowNanos);
        };
    }

    private Transition start(ShardState state, Optional<Session> session, long now) {
        if (!(state instanceof Idle) && !(state instanceof Fatal)) {
            return Transition.stay(state);
        }
        return session.map(known ->
                        Transition.to(
                                new Backoff(
                                        new Goal.Resume(known, 0, 0, 0, now),
                                        now + backoff.startNanos()),
                                "starting with a known session"))
                .orElseGet(() -> queue(new Goal.NewSession(0, 0), "starting"));
    }

    private static Transition stop(ShardState state) {
        List<ShardAction> actions = leave(state, "stopping");
        return new Transition(new Idle(), actions, "stopped by order", 0);
    }

    private Transition restart(ShardState state, boolean fresh, long now) {
        if (state instanceof Idle || (state instanceof Queued && !fresh)) {
            return Transition.stay(state);
        }
        List<ShardAction> actions = leave(state, "restart");
        Optional<Session> session = state.session();
        if (fresh || session.isEmpty()) {
            session.ifPresent(held -> actions.add(new LoseSession(held)));
            // Leaving the queue and asking again keeps the supervisor's view and ours the same.
            if (state instanceof Queued) {
                actions.add(new ReleaseIdentify(0));
            }
            actions.add(new WantIdentify());
            return new Transition(
                    new Queued(new Goal.NewSession(0, 0)), actions, "restart by order", 0);
        }
        return new Transition(
                new Backoff(new Goal.Resume(session.get(), 0, 0, 0, now), now),
                actions,
                "restart by order",
                0);
    }

    private static Transition reattached(ShardState state) {
        return switch (state) {
            case Queued _ -> Transition.stay(state, new WantIdentify());
            case AwaitingGrant _ ->
                    Transition.stay(state, new WantIdentify(), new ReadyToIdentify());
            case Connecting connecting when connecting.goal() instanceof Goal.NewSession ->
                    Transition.stay(state, new WantIdentify());
            case AwaitingHello hello when hello.goal() instanceof Goal.NewSession ->
                    Transition.stay(state, new WantIdentify());
            default -> Transition.stay(state);
        };
    }

    private Transition turn(ShardState state, long now) {
        if (state instanceof Queued queued) {
            return connect(queued.goal(), "its turn to identify is near", now);
        }
        return Transition.stay(state);
    }

    private Transition granted(ShardState state, long grantId, long now) {
        if (state instanceof AwaitingGrant awaiting) {
            return Transition.to(
                    new Identifying(
                            awaiting.goal(),
                            awaiting.heartbeat(),
                            now + settings.sessionTimeout().toNanos(),
                            now + READY_TIMEOUTS * settings.sessionTimeout().toNanos()),
                    "identify token",
                    new SendIdentify(grantId));
        }
        return Transition.stay(state, new ReleaseIdentify(grantId));
    }

    private Transition hello(ShardState state, long intervalNanos, long now) {
        if (!(state instanceof AwaitingHello awaiting)) {
            return Transition.stay(state);
        }
        Heartbeat heartbeat =
                Heartbeat.first(intervalNanos, now + backoff.firstHeartbeatNanos(intervalNanos));
        return switch (awaiting.goal()) {
            case Goal.NewSession goal ->
                    Transition.to(
                            new AwaitingGrant(goal, heartbeat), "HELLO", new ReadyToIdentify());
            case Goal.Resume goal ->
                    Transition.to(
                            new Resuming(
                                    goal, heartbeat, now + settings.sessionTimeout().toNanos()),
                            "HELLO",
                            new SendResume(goal.session()));
        };
    }

    private Transition heartbeatRequest(ShardState state, long now) {
        Optional<Heartbeat> heartbeat = heartbeatOf(state);
        if (heartbeat.isEmpty()) {
            return Transition.stay(state);
        }
        Transition beaten = withHeartbeat(state, heartbeat.map(beat -> beat.beat(now)));
        return Transition.stay(beaten.next(), new SendHeartbeat());
    }

    private Transition invalidSession(ShardState state, boolean resumable, long now) {
        if (!connected(state)) {
            return Transition.stay(state);
        }
        String reason = "op 9: invalid session" + (resumable ? ", resumable" : "");
        List<ShardAction> actions = leave(state, "invalid session");
        long until = now + backoff.invalidSessionNanos();
        Optional<Session> session = state.session();
        if (resumable && session.isPresent()) {
            Goal.Resume goal = resumeGoal(state, session.get(), now);
            return new Transition(
                    givenUp(goal, now) ? afterLoss(actions, goal, until) : new Backoff(goal, until),
                    actions,
                    reason,
                    0);
        }
        session.ifPresent(held -> actions.add(new LoseSession(held)));
        int spent = state instanceof Identifying identifying ? identifying.goal().spent() + 1 : 0;
        long wait = spent > 1 ? now + backoff.identifyNanos(spent) : until;
        return new Transition(new Backoff(new Goal.NewSession(0, spent), wait), actions, reason, 0);
    }

    private static Transition ready(ShardState state, Session session, long now) {
        if (state instanceof Identifying identifying) {
            return Transition.to(new Ready(session, identifying.heartbeat(), 0, now), "READY");
        }
        return Transition.stay(state);
    }

    private Transition closed(ShardState state, SocketClose close, long now) {
        if (!connected(state)) {
            return Transition.stay(state);
        }
        String reason = words(close);
        if (close.cause() == SocketClose.Cause.REMOTE) {
            return remoteClose(state, close.code(), reason, now);
        }
        return lostConnection(state, reason, 0, now);
    }

    private Transition remoteClose(ShardState state, int code, String reason, long now) {
        return switch (CloseCodes.verdict(code)) {
            case FATAL -> {
                List<ShardAction> actions = leave(state, reason);
                state.session().ifPresent(held -> actions.add(new LoseSession(held)));
                yield new Transition(new Fatal(code), actions, reason, code);
            }
            case NEW_SESSION -> {
                List<ShardAction> actions = leave(state, reason);
                state.session().ifPresent(held -> actions.add(new LoseSession(held)));
                int spent =
                        state instanceof Identifying identifying
                                ? identifying.goal().spent() + 1
                                : 0;
                long wait =
                        spent > 0 ? backoff.identifyNanos(spent) : backoff.invalidSessionNanos();
                yield new Transition(
                        new Backoff(new Goal.NewSession(0, spent), now + wait),
                        actions,
                        reason,
                        code);
            }
            case RESUME, RESUME_ONCE -> lostConnection(state, reason, code, now);
        };
    }

    /** The connection is of no use any more: on to the next one, for the same end. */
    private Transition lostConnection(ShardState state, String reason, int code, long now) {
        List<ShardAction> actions = leave(state, reason);
        Optional<Session> session = state.session();
        if (session.isPresent()) {
            Goal.Resume goal = resumeGoal(state, session.get(), now);
            // Before RESUME was tried a goodbye is the host's alone and says nothing of the
            // session.
            boolean goodbye =
                    (state instanceof Ready || state instanceof Resuming)
                            && CloseCodes.verdict(code) == CloseCodes.Verdict.RESUME_ONCE;
            if (goodbye) {
                goal =
                        new Goal.Resume(
                                goal.session(),
                                goal.tries(),
                                goal.unanswered(),
                                goal.goodbyes() + 1,
                                goal.sinceNanos());
            }
            long until = now + backoff.connectNanos(goal.tries());
            ShardState next =
                    givenUp(goal, now) ? afterLoss(actions, goal, until) : new Backoff(goal, until);
            return new Transition(next, actions, reason, code);
        }
        if (state instanceof Identifying identifying) {
            int spent = identifying.goal().spent() + 1;
            return new Transition(
                    new Backoff(new Goal.NewSession(0, spent), now + backoff.identifyNanos(spent)),
                    actions,
                    reason,
                    code);
        }
        Goal.NewSession goal = newSessionGoal(state);
        int tries = goal.tries() + 1;
        return new Transition(
                new Backoff(
                        new Goal.NewSession(tries, goal.spent()),
                        now + backoff.connectNanos(tries)),
                actions,
                reason,
                code);
    }

    private ShardState afterLoss(List<ShardAction> actions, Goal.Resume goal, long until) {
        actions.add(new LoseSession(goal.session()));
        return new Backoff(new Goal.NewSession(0, 0), until);
    }

    /**
     * RESUMEs that nobody answers, for minutes, or a second goodbye: the session is not coming
     * back. Connections that fail say nothing about it, and are no reason.
     */
    private static boolean givenUp(Goal.Resume goal, long now) {
        return goal.goodbyes() > 1
                || (goal.unanswered() >= MAX_UNANSWERED_RESUMES
                        && now - goal.sinceNanos() > RESUME_LIMIT_NANOS);
    }

    private static Goal.Resume resumeGoal(ShardState state, Session session, long now) {
        return switch (state) {
            case Resuming resuming ->
                    new Goal.Resume(
                            session,
                            resuming.goal().tries() + 1,
                            resuming.goal().unanswered() + 1,
                            resuming.goal().goodbyes(),
                            resuming.goal().sinceNanos());
            case Connecting connecting when connecting.goal() instanceof Goal.Resume goal ->
                    failedOnce(goal);
            case AwaitingHello hello when hello.goal() instanceof Goal.Resume goal ->
                    failedOnce(goal);
            case Ready ready when now - ready.sinceNanos() < STEADY_NANOS ->
                    new Goal.Resume(session, ready.flaps(), 0, 0, now);
            default -> new Goal.Resume(session, 0, 0, 0, now);
        };
    }

    private static Goal.Resume failedOnce(Goal.Resume goal) {
        return new Goal.Resume(
                goal.session(),
                goal.tries() + 1,
                goal.unanswered(),
                goal.goodbyes(),
                goal.sinceNanos());
    }

    private static Goal.NewSession newSessionGoal(ShardState state) {
        return switch (state) {
            case Connecting connecting when connecting.goal() instanceof Goal.NewSession goal ->
                    goal;
            case AwaitingHello hello when hello.goal() instanceof Goal.NewSession goal -> goal;
            case AwaitingGrant grant -> grant.goal();
            default -> new Goal.NewSession(0, 0);
        };
    }

    private Transition tick(ShardState state, long lastInbound, long now) {
        if (now - state.deadlineNanos() < 0) {
            return Transition.stay(state);
        }
        return switch (state) {
            case Backoff waiting ->
                    switch (waiting.goal()) {
                        case Goal.NewSession goal -> queue(goal, "waited");
                        case Goal.Resume goal -> connect(goal, "waited", now);
                    };
            case Connecting _ -> lostConnection(state, "no connection in time", 0, now);
            case AwaitingHello _ -> lostConnection(state, "no HELLO in time", 0, now);
            case AwaitingGrant waiting -> beat(state, waiting.heartbeat(), lastInbound, now);
            case Identifying identifying -> identifyingTick(identifying, lastInbound, now);
            case Resuming resuming -> resumingTick(resuming, lastInbound, now);
            case Ready ready -> beat(state, ready.heartbeat(), lastInbound, now);
            case Idle _, Queued _, Fatal _ -> Transition.stay(state);
        };
    }

    /** A READY that drips in must not cost an IDENTIFY: the bound is on silence first. */
    private Transition identifyingTick(Identifying identifying, long lastInbound, long now) {
        Identifying on = identifying;
        if (now - identifying.giveUpNanos() >= 0) {
            long silentUntil = lastInbound + settings.sessionTimeout().toNanos();
            long giveUp = Math.min(silentUntil, identifying.latestNanos());
            if (now - giveUp >= 0) {
                return lostConnection(identifying, "no READY in time", 0, now);
            }
            on =
                    new Identifying(
                            identifying.goal(),
                            identifying.heartbeat(),
                            giveUp,
                            identifying.latestNanos());
        }
        return beat(on, on.heartbeat(), lastInbound, now);
    }

    /** A long replay is no failure: the bound is on silence. */
    private Transition resumingTick(Resuming resuming, long lastInbound, long now) {
        long quietLimit = settings.sessionTimeout().toNanos();
        if (now - resuming.giveUpNanos() >= 0) {
            if (now - lastInbound >= quietLimit) {
                return lostConnection(resuming, "no RESUMED in time", 0, now);
            }
            Resuming on =
                    new Resuming(resuming.goal(), resuming.heartbeat(), lastInbound + quietLimit);
            return now - on.heartbeat().nextNanos() >= 0
                    ? beat(on, on.heartbeat(), lastInbound, now)
                    : Transition.stay(on);
        }
        return beat(resuming, resuming.heartbeat(), lastInbound, now);
    }

    private Transition beat(ShardState state, Heartbeat heartbeat, long lastInbound, long now) {
        if (now - heartbeat.nextNanos() < 0) {
            return Transition.stay(state);
        }
        if (heartbeat.isZombie(now, lastInbound)) {
            String quiet =
                    "zombie: no packet for "
                            + TimeUnit.NANOSECONDS.toMillis(now - heartbeat.lastSentNanos())
                            + " ms after a heartbeat";
            return lostConnection(state, quiet, 0, now);
        }
        Transition beaten = withHeartbeat(state, Optional.of(heartbeat.beat(now)));
        return Transition.stay(beaten.next(), new SendHeartbeat());
    }

    private static Transition queue(Goal.NewSession goal, String reason) {
        return Transition.to(new Queued(goal), reason, new WantIdentify());
    }

    private Transition connect(Goal goal, String reason, long now) {
        return Transition.to(
                new Connecting(goal, now + settings.connectTimeout().toNanos()),
                reason,
                new Connect(urlFor(goal)));
    }

    /**
     * The resume host can be dead while Discord is well: the session resumes at the main URL too.
     */
    private String urlFor(Goal goal) {
        return switch (goal) {
            case Goal.NewSession _ -> settings.mainUrl();
            case Goal.Resume resume -> {
                String own = resume.session().resumeUrl();
                boolean fallBack = resume.tries() >= RESUME_URL_TRIES && resume.tries() % 2 == 1;
                yield own.isEmpty() || fallBack ? settings.mainUrl() : own;
            }
        };
    }

    /** Closes what is open and gives back what was not used. */
    private static List<ShardAction> leave(ShardState state, String reason) {
        List<ShardAction> actions = new ArrayList<>();
        if (connected(state)) {
            actions.add(new Disconnect(CLOSE_RESUMABLE, reason));
        }
        boolean holdsPlace =
                switch (state) {
                    case AwaitingGrant _ -> true;
                    case Connecting connecting -> connecting.goal() instanceof Goal.NewSession;
                    case AwaitingHello hello -> hello.goal() instanceof Goal.NewSession;
                    default -> false;
                };
        if (holdsPlace) {
            actions.add(new ReleaseIdentify(0));
        }
        return actions;
    }

    private static boolean connected(ShardState state) {
        return switch (state) {
            case Connecting _,
                    AwaitingHello _,
                    AwaitingGrant _,
                    Identifying _,
                    Resuming _,
                    Ready _ ->
                    true;
            case Idle _, Queued _, Backoff _, Fatal _ -> false;
        };
    }

    static Optional<Heartbeat> heartbeatOf(ShardState state) {
        return switch (state) {
            case AwaitingGrant waiting -> Optional.of(waiting.heartbeat());
            case Identifying identifying -> Optional.of(identifying.heartbeat());
            case Resuming resuming -> Optional.of(resuming.heartbeat());
            case Ready ready -> Optional.of(ready.heartbeat());
            case Idle _, Queued _, Connecting _, AwaitingHello _, Backoff _, Fatal _ ->
                    Optional.empty();
        };
    }

    private static Transition withHeartbeat(ShardState state, Optional<Heartbeat> heartbeat) {
        if (heartbeat.isEmpty()) {
            return Transition.stay(state);
        }
        Heartbeat beat = heartbeat.get();
        ShardState next =
                switch (state) {
                    case AwaitingGrant waiting -> new AwaitingGrant(waiting.goal(), beat);
                    case Identifying identifying ->
                            new Identifying(
                                    identifying.goal(),
                                    beat,
                                    identifying.giveUpNanos(),
                                    identifying.latestNanos());
                    case Resuming resuming ->
                            new Resuming(resuming.goal(), beat, resuming.giveUpNanos());
                    case Ready ready ->
                            new Ready(ready.held(), beat, ready.flaps(), ready.sinceNanos());
                    case Idle _, Queued _, Connecting _, AwaitingHello _, Backoff _, Fatal _ ->
                            state;
                };
        return Transition.stay(next);
    }

    private static String words(SocketClose close) {
        if (close.cause() != SocketClose.Cause.REMOTE) {
            return close.reason();
        }
        String known = CloseCodes.words(close.code());
        String said = known.isEmpty() ? close.reason() : known;
        return "close code " + close.code() + (said.isEmpty() ? "" : ": " + said);
    }
}
