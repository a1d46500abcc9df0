package gw.worker.shard;

import gw.model.Session;
import gw.worker.shard.ShardAction.Connect;
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
import gw.worker.shard.ShardState.Beating;
import gw.worker.shard.ShardState.Connecting;
import gw.worker.shard.ShardState.Fatal;
import gw.worker.shard.ShardState.Goal;
import gw.worker.shard.ShardState.Identifying;
import gw.worker.shard.ShardState.Idle;
import gw.worker.shard.ShardState.Queued;
import gw.worker.shard.ShardState.Ready;
import gw.worker.shard.ShardState.Resuming;

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

    /** Discord ends the session, and the bot is offline, when we close with it. */
    public static final int CLOSE_ENDING = 1000;

    private static final int RESUME_URL_TRIES = 3;
    private static final int READY_TIMEOUTS = 5;

    private final ShardSettings settings;
    private final ReconnectBackoff backoff;
    private final ConnectionEnd ending;

    /** A machine for one or many shards; it holds no state of its own but {@code random}'s. */
    public ShardMachine(ShardSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.backoff = new ReconnectBackoff(random);
        this.ending = new ConnectionEnd(backoff);
    }

    /** One step. {@code nowNanos} never goes back. */
    public Transition step(ShardState state, ShardInput input, long nowNanos) {
        return switch (input) {
            case ShardInput.Start start -> start(state, start.session(), nowNanos);
            case ShardInput.Stop stop -> stop(state, stop.endSession());
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
                    Transition.stay(
                            state instanceof Beating beating
                                    ? beating.withHeartbeat(beating.heartbeat().ack())
                                    : state);
            case ShardInput.HeartbeatRequest _ -> heartbeatRequest(state, nowNanos);
            case ShardInput.ReconnectRequest _ ->
                    state.isConnected()
                            ? ending.lost(state, "op 7: Discord asks to reconnect", nowNanos)
                            : Transition.stay(state);
            case ShardInput.InvalidSession invalid ->
                    state.isConnected()
                            ? ending.invalidSession(state, invalid.resumable(), nowNanos)
                            : Transition.stay(state);
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
                    state.isConnected()
                            ? ending.lost(state, "not understood: " + malformed.what(), nowNanos)
                            : Transition.stay(state);
            case ShardInput.Unsendable unsendable ->
                    state instanceof Identifying
                            ? new Transition(
                                    new Fatal(0),
                                    ConnectionEnd.leave(state, "nothing to send"),
                                    unsendable.why(),
                                    0)
                            : Transition.stay(state);
            case ShardInput.Closed closed ->
                    state.isConnected()
                            ? ending.closed(state, closed.close(), nowNanos)
                            : Transition.stay(state);
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

    private static Transition stop(ShardState state, boolean endSession) {
        int code = endSession ? CLOSE_ENDING : CLOSE_RESUMABLE;
        List<ShardAction> actions = ConnectionEnd.leave(state, code, "stopping");
        if (endSession) {
            state.session().ifPresent(held -> actions.add(new LoseSession(held)));
        }
        return new Transition(
                new Idle(), actions, endSession ? "session ended by order" : "stopped by order", 0);
    }

    private Transition restart(ShardState state, boolean fresh, long now) {
        if (state instanceof Idle || (state instanceof Queued && !fresh)) {
            return Transition.stay(state);
        }
        List<ShardAction> actions = ConnectionEnd.leave(state, "restart");
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

    private static Transition heartbeatRequest(ShardState state, long now) {
        return state instanceof Beating beating
                ? Transition.stay(
                        beating.withHeartbeat(beating.heartbeat().beat(now)), new SendHeartbeat())
                : Transition.stay(state);
    }

    private static Transition ready(ShardState state, Session session, long now) {
        if (state instanceof Identifying identifying) {
            return Transition.to(new Ready(session, identifying.heartbeat(), 0, now), "READY");
        }
        return Transition.stay(state);
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
            case Connecting _ -> ending.lost(state, "no connection in time", now);
            case AwaitingHello _ -> ending.lost(state, "no HELLO in time", now);
            case AwaitingGrant waiting -> beat(waiting, lastInbound, now);
            case Identifying identifying -> identifyingTick(identifying, lastInbound, now);
            case Resuming resuming -> resumingTick(resuming, lastInbound, now);
            case Ready ready -> beat(ready, lastInbound, now);
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
                return ending.lost(identifying, "no READY in time", now);
            }
            on =
                    new Identifying(
                            identifying.goal(),
                            identifying.heartbeat(),
                            giveUp,
                            identifying.latestNanos());
        }
        return beat(on, lastInbound, now);
    }

    /** A long replay is no failure: the bound is on silence. */
    private Transition resumingTick(Resuming resuming, long lastInbound, long now) {
        long quietLimit = settings.sessionTimeout().toNanos();
        if (now - resuming.giveUpNanos() >= 0) {
            if (now - lastInbound >= quietLimit) {
                return ending.lost(resuming, "no RESUMED in time", now);
            }
            Resuming on =
                    new Resuming(resuming.goal(), resuming.heartbeat(), lastInbound + quietLimit);
            return now - on.heartbeat().nextNanos() >= 0
                    ? beat(on, lastInbound, now)
                    : Transition.stay(on);
        }
        return beat(resuming, lastInbound, now);
    }

    private Transition beat(Beating state, long lastInbound, long now) {
        Heartbeat heartbeat = state.heartbeat();
        if (now - heartbeat.nextNanos() < 0) {
            return Transition.stay(state);
        }
        if (heartbeat.isZombie(now, lastInbound)) {
            String quiet =
                    "zombie: no packet for "
                            + TimeUnit.NANOSECONDS.toMillis(now - heartbeat.lastSentNanos())
                            + " ms after a heartbeat";
            return ending.lost(state, quiet, now);
        }
        return Transition.stay(state.withHeartbeat(heartbeat.beat(now)), new SendHeartbeat());
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
}
