package gw.worker.shard;

import gw.model.Session;

import java.util.Optional;

/** Where a shard stands. Each state holds what it alone needs; immutable. */
public sealed interface ShardState {
    /** When {@link ShardInput.Tick} is due, in nanoseconds of the machine's clock. */
    default long deadlineNanos() {
        return Long.MAX_VALUE;
    }

    /** The session that is held, if any. */
    default Optional<Session> session() {
        return Optional.empty();
    }

    /** Whether a connection is open or being opened. */
    default boolean isConnected() {
        return switch (this) {
            case Connecting _, AwaitingHello _, Beating _ -> true;
            case Idle _, Queued _, Backoff _, Fatal _ -> false;
        };
    }

    /** HELLO came on this connection: it has a heartbeat. */
    sealed interface Beating extends ShardState {
        Heartbeat heartbeat();

        /** The same state with another heartbeat. */
        Beating withHeartbeat(Heartbeat next);
    }

    /** What a connection is for. */
    sealed interface Goal {
        /**
         * A session of its own.
         *
         * @param tries connections that failed in a row
         * @param spent IDENTIFYs in a row that came to nothing
         */
        record NewSession(int tries, int spent) implements Goal {}

        /**
         * The session that is held.
         *
         * @param session to be resumed
         * @param tries connections that failed, or were ready only for a moment, in a row
         * @param unanswered of those, how many after RESUME was written
         * @param goodbyes closes with 1000 or 1001 in a row
         * @param sinceNanos when the first try began
         */
        record Resume(Session session, int tries, int unanswered, int goodbyes, long sinceNanos)
                implements Goal {}
    }

    /** Not started, or stopped by order. */
    record Idle() implements ShardState {}

    /** Waits for its place in the identify queue. */
    record Queued(Goal.NewSession goal) implements ShardState {}

    /** DNS, TCP, TLS, upgrade. */
    record Connecting(Goal goal, long deadlineNanos) implements ShardState {
        @Override
        public Optional<Session> session() {
            return sessionOf(goal);
        }
    }

    /** Connected; HELLO is awaited. */
    record AwaitingHello(Goal goal, long deadlineNanos) implements ShardState {
        @Override
        public Optional<Session> session() {
            return sessionOf(goal);
        }
    }

    /** HELLO came; the identify token is awaited. */
    record AwaitingGrant(Goal.NewSession goal, Heartbeat heartbeat) implements Beating {
        @Override
        public long deadlineNanos() {
            return heartbeat.nextNanos();
        }

        @Override
        public AwaitingGrant withHeartbeat(Heartbeat next) {
            return new AwaitingGrant(goal, next);
        }
    }

    /**
     * IDENTIFY is out; READY is awaited.
     *
     * @param giveUpNanos when it was silent for too long, unless something comes
     * @param latestNanos when READY must be there whatever comes: acknowledged heartbeats are no
     *     silence either
     */
    record Identifying(
            Goal.NewSession goal, Heartbeat heartbeat, long giveUpNanos, long latestNanos)
            implements Beating {
        @Override
        public long deadlineNanos() {
            return Math.min(heartbeat.nextNanos(), giveUpNanos);
        }

        @Override
        public Identifying withHeartbeat(Heartbeat next) {
            return new Identifying(goal, next, giveUpNanos, latestNanos);
        }
    }

    /** RESUME is out; the replay runs. */
    record Resuming(Goal.Resume goal, Heartbeat heartbeat, long giveUpNanos) implements Beating {
        @Override
        public long deadlineNanos() {
            return Math.min(heartbeat.nextNanos(), giveUpNanos);
        }

        @Override
        public Optional<Session> session() {
            return Optional.of(goal.session());
        }

        @Override
        public Resuming withHeartbeat(Heartbeat next) {
            return new Resuming(goal, next, giveUpNanos);
        }
    }

    /**
     * READY or RESUMED came: events flow.
     *
     * @param flaps connections in a row up to this one that ended, or may yet end, soon: they count
     *     as tries of the next one unless this one lasts
     * @param sinceNanos when it became ready
     */
    record Ready(Session held, Heartbeat heartbeat, int flaps, long sinceNanos) implements Beating {
        @Override
        public long deadlineNanos() {
            return heartbeat.nextNanos();
        }

        @Override
        public Optional<Session> session() {
            return Optional.of(held);
        }

        @Override
        public Ready withHeartbeat(Heartbeat next) {
            return new Ready(held, next, flaps, sinceNanos);
        }
    }

    /** Waits before the next try. */
    record Backoff(Goal goal, long deadlineNanos) implements ShardState {
        @Override
        public Optional<Session> session() {
            return sessionOf(goal);
        }
    }

    /**
     * Nothing but a human helps.
     *
     * @param closeCode by which Discord refused for good; 0: what was to be sent can't be
     */
    record Fatal(int closeCode) implements ShardState {}

    private static Optional<Session> sessionOf(Goal goal) {
        return goal instanceof Goal.Resume resume
                ? Optional.of(resume.session())
                : Optional.empty();
    }
}
