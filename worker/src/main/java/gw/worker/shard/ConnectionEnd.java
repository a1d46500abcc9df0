package gw.worker.shard;

import gw.model.Session;
import gw.worker.shard.ShardAction.Disconnect;
import gw.worker.shard.ShardAction.LoseSession;
import gw.worker.shard.ShardAction.ReleaseIdentify;
import gw.worker.shard.ShardState.AwaitingGrant;
import gw.worker.shard.ShardState.AwaitingHello;
import gw.worker.shard.ShardState.Backoff;
import gw.worker.shard.ShardState.Connecting;
import gw.worker.shard.ShardState.Fatal;
import gw.worker.shard.ShardState.Goal;
import gw.worker.shard.ShardState.Identifying;
import gw.worker.shard.ShardState.Ready;
import gw.worker.shard.ShardState.Resuming;
import gw.worker.socket.SocketClose;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What follows when a connection ends, by Discord's word or for want of one: whether the session is
 * kept, and how long to wait. A part of {@link ShardMachine}, and as pure.
 */
final class ConnectionEnd {
    private static final int MAX_UNANSWERED_RESUMES = 12;
    private static final long RESUME_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** A shard that was ready for as long owes nothing any more to the tries before. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ReconnectBackoff backoff;

    ConnectionEnd(ReconnectBackoff backoff) {
        this.backoff = backoff;
    }

    Transition invalidSession(ShardState state, boolean resumable, long now) {
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
        int spent = spentInVain(state);
        long wait = spent > 1 ? now + backoff.identifyNanos(spent) : until;
        return new Transition(new Backoff(new Goal.NewSession(0, spent), wait), actions, reason, 0);
    }

    Transition closed(ShardState state, SocketClose close, long now) {
        String reason = words(close);
        if (close.cause() == SocketClose.Cause.REMOTE) {
            return remoteClose(state, close.code(), reason, now);
        }
        return lost(state, reason, now);
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
                int spent = spentInVain(state);
                long wait =
                        spent > 0 ? backoff.identifyNanos(spent) : backoff.invalidSessionNanos();
                yield new Transition(
                        new Backoff(new Goal.NewSession(0, spent), now + wait),
                        actions,
                        reason,
                        code);
            }
            case RESUME, RESUME_ONCE -> lost(state, reason, code, now);
        };
    }

    /** The connection is of no use any more: on to the next one, for the same end. */
    Transition lost(ShardState state, String reason, long now) {
        return lost(state, reason, 0, now);
    }

    private Transition lost(ShardState state, String reason, int code, long now) {
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
        int spent = spentInVain(state);
        if (spent > 0) {
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

    /** IDENTIFYs in a row that came to nothing, if this connection's is one; else 0. */
    private static int spentInVain(ShardState state) {
        return state instanceof Identifying identifying ? identifying.goal().spent() + 1 : 0;
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

    /** Closes what is open and gives back what was not used. */
    static List<ShardAction> leave(ShardState state, String reason) {
        return leave(state, ShardMachine.CLOSE_RESUMABLE, reason);
    }

    static List<ShardAction> leave(ShardState state, int code, String reason) {
        List<ShardAction> actions = new ArrayList<>();
        if (state.isConnected()) {
            actions.add(new Disconnect(code, reason));
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

    private static String words(SocketClose close) {
        if (close.cause() != SocketClose.Cause.REMOTE) {
            return close.reason();
        }
        String known = CloseCodes.words(close.code());
        String said = known.isEmpty() ? close.reason() : known;
        return "close code " + close.code() + (said.isEmpty() ? "" : ": " + said);
    }
}
