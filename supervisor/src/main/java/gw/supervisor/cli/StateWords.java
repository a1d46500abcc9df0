package gw.supervisor.cli;

import gw.proto.v1.Phase;
import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ShardState;
import gw.proto.v1.WorkerState;

/** The states' names in text and JSON, and how a terminal shows them. */
final class StateWords {
    private StateWords() {}

    static String name(Phase phase) {
        return switch (phase) {
            case PHASE_STARTING -> "starting";
            case PHASE_RUNNING -> "running";
            case PHASE_STOPPING -> "stopping";
            case PHASE_UPGRADING -> "upgrading";
            case PHASE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    static Tone tone(Phase phase) {
        return switch (phase) {
            case PHASE_RUNNING -> Tone.GOOD;
            case PHASE_STARTING, PHASE_STOPPING, PHASE_UPGRADING, PHASE_UNSPECIFIED, UNRECOGNIZED ->
                    Tone.WAITING;
        };
    }

    static String name(WorkerState state) {
        return switch (state) {
            case WORKER_STATE_STARTING -> "starting";
            case WORKER_STATE_ATTACHED -> "attached";
            case WORKER_STATE_STOPPING -> "stopping";
            case WORKER_STATE_WAITING -> "waiting";
            case WORKER_STATE_STOPPED -> "stopped";
            case WORKER_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    static Tone tone(WorkerState state) {
        return switch (state) {
            case WORKER_STATE_ATTACHED -> Tone.GOOD;
            case WORKER_STATE_STARTING, WORKER_STATE_STOPPING -> Tone.WAITING;
            case WORKER_STATE_WAITING,
                    WORKER_STATE_STOPPED,
                    WORKER_STATE_UNSPECIFIED,
                    UNRECOGNIZED ->
                    Tone.BAD;
        };
    }

    static String name(ReshardPhase phase) {
        return switch (phase) {
            case RESHARD_PHASE_NONE -> "none";
            case RESHARD_PHASE_WAITING -> "waiting";
            case RESHARD_PHASE_PREPARING -> "preparing";
            case RESHARD_PHASE_OVERLAPPING -> "overlapping";
            case RESHARD_PHASE_SWITCHING -> "switching";
            case RESHARD_PHASE_SETTLING -> "settling";
            case RESHARD_PHASE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    static String name(ShardState state) {
        return switch (state) {
            case SHARD_STATE_IDLE -> "idle";
            case SHARD_STATE_QUEUED -> "queued";
            case SHARD_STATE_CONNECTING -> "connecting";
            case SHARD_STATE_AWAITING_HELLO -> "awaiting hello";
            case SHARD_STATE_AWAITING_GRANT -> "awaiting token";
            case SHARD_STATE_IDENTIFYING -> "identifying";
            case SHARD_STATE_RESUMING -> "resuming";
            case SHARD_STATE_READY -> "ready";
            case SHARD_STATE_BACKOFF -> "backing off";
            case SHARD_STATE_FATAL -> "refused for good";
            case SHARD_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
        };
    }

    /** One character for the map of all shards; ready ones are the quietest. */
    static char letter(ShardState state) {
        return switch (state) {
            case SHARD_STATE_IDLE -> '-';
            case SHARD_STATE_QUEUED -> 'q';
            case SHARD_STATE_CONNECTING -> 'c';
            case SHARD_STATE_AWAITING_HELLO -> 'h';
            case SHARD_STATE_AWAITING_GRANT -> 't';
            case SHARD_STATE_IDENTIFYING -> 'i';
            case SHARD_STATE_RESUMING -> 'r';
            case SHARD_STATE_READY -> '.';
            case SHARD_STATE_BACKOFF -> 'B';
            case SHARD_STATE_FATAL -> 'X';
            case SHARD_STATE_UNSPECIFIED, UNRECOGNIZED -> '?';
        };
    }

    static Tone tone(ShardState state) {
        return switch (state) {
            case SHARD_STATE_READY -> Tone.GOOD;
            case SHARD_STATE_BACKOFF, SHARD_STATE_FATAL -> Tone.BAD;
            case SHARD_STATE_IDLE,
                    SHARD_STATE_QUEUED,
                    SHARD_STATE_CONNECTING,
                    SHARD_STATE_AWAITING_HELLO,
                    SHARD_STATE_AWAITING_GRANT,
                    SHARD_STATE_IDENTIFYING,
                    SHARD_STATE_RESUMING,
                    SHARD_STATE_UNSPECIFIED,
                    UNRECOGNIZED ->
                    Tone.WAITING;
        };
    }

    /** How much a person wants to see a shard in this state: low first. */
    static int urgency(ShardState state) {
        return switch (state) {
            case SHARD_STATE_FATAL -> 0;
            case SHARD_STATE_BACKOFF, SHARD_STATE_UNSPECIFIED, UNRECOGNIZED -> 1;
            case SHARD_STATE_CONNECTING,
                    SHARD_STATE_AWAITING_HELLO,
                    SHARD_STATE_AWAITING_GRANT,
                    SHARD_STATE_IDENTIFYING,
                    SHARD_STATE_RESUMING ->
                    2;
            case SHARD_STATE_QUEUED, SHARD_STATE_IDLE -> 3;
            case SHARD_STATE_READY -> 4;
        };
    }

    /** The name as JSON has it, for example "awaitingHello". */
    static String json(ShardState state) {
        return switch (state) {
            case SHARD_STATE_AWAITING_HELLO -> "awaitingHello";
            case SHARD_STATE_AWAITING_GRANT -> "awaitingGrant";
            case SHARD_STATE_BACKOFF -> "backoff";
            case SHARD_STATE_FATAL -> "fatal";
            case SHARD_STATE_IDLE,
                    SHARD_STATE_QUEUED,
                    SHARD_STATE_CONNECTING,
                    SHARD_STATE_IDENTIFYING,
                    SHARD_STATE_RESUMING,
                    SHARD_STATE_READY,
                    SHARD_STATE_UNSPECIFIED,
                    UNRECOGNIZED ->
                    name(state);
        };
    }
}
