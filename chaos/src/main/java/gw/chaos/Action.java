package gw.chaos;

import gw.sim.bot.BotAnswer;
import gw.sim.fault.Fault;

import java.time.Duration;

/** One thing that is done to gw or its surroundings. */
sealed interface Action {
    /** kill -9. */
    record KillWorker(int worker) implements Action {}

    /** SIGSTOP, and SIGCONT after a while. */
    record StopWorker(int worker, Duration duration) implements Action {}

    /** kill -9, and a start after a while. */
    record KillSupervisor(Duration down) implements Action {}

    /** SIGSTOP, and SIGCONT after a while. */
    record StopSupervisor(Duration duration) implements Action {}

    /** SIGTERM, and a start some time after the exit. */
    record EndSupervisor(Duration down) implements Action {}

    /** kill -9 of every process of gw, and a start after a while. */
    record KillAll(Duration down) implements Action {}

    /** {@code gw upgrade}. */
    record Upgrade() implements Action {}

    /** The bot drops its connections and refuses new ones for a while. */
    record BotDown(Duration duration) implements Action {}

    /** The bot answers so for a while. */
    record BotTrouble(BotAnswer answer, Duration duration) implements Action {}

    /** A fault of the sim; {@code shard} is the one that it befalls where it befalls one. */
    record Inflict(String name, Fault fault, int shard) implements Action {}

    /** The state directory's file system is full for a while. */
    record FillDisk(Duration duration) implements Action {}

    /** What it is a case of. */
    default Kind kind() {
        return switch (this) {
            case KillWorker _ -> Kind.WORKER_KILL;
            case StopWorker _ -> Kind.WORKER_STOP;
            case KillSupervisor _ -> Kind.SUPERVISOR_KILL;
            case StopSupervisor _ -> Kind.SUPERVISOR_STOP;
            case EndSupervisor _ -> Kind.SUPERVISOR_TERM;
            case KillAll _ -> Kind.KILL_ALL;
            case Upgrade _ -> Kind.UPGRADE;
            case BotDown _ -> Kind.BOT_DOWN;
            case BotTrouble _ -> Kind.BOT_TROUBLE;
            case Inflict inflict ->
                    Faults.isOutage(inflict.fault()) ? Kind.OUTAGES : Kind.SHARD_FAULTS;
            case FillDisk _ -> Kind.DISK_FULL;
        };
    }

    /** How long its lane is busy with it, at least. */
    default Duration span() {
        return switch (this) {
            case KillWorker _, Upgrade _ -> Duration.ZERO;
            case StopWorker(int _, Duration duration) -> duration;
            case KillSupervisor(Duration down) -> down;
            case StopSupervisor(Duration duration) -> duration;
            case EndSupervisor(Duration down) -> down;
            case KillAll(Duration down) -> down;
            case BotDown(Duration duration) -> duration;
            case BotTrouble(BotAnswer _, Duration duration) -> duration;
            case Inflict(String _, Fault fault, int _) ->
                    Faults.isOutage(fault) ? Faults.duration(fault) : Duration.ZERO;
            case FillDisk(Duration duration) -> duration;
        };
    }

    /** For the log. */
    default String words() {
        return switch (this) {
            case KillWorker(int worker) -> "worker " + worker + ": kill -9";
            case StopWorker(int worker, Duration duration) ->
                    "worker " + worker + ": stopped for " + duration.toMillis() + " ms";
            case KillSupervisor(Duration down) ->
                    "supervisor: kill -9, down for " + down.toMillis() + " ms";
            case StopSupervisor(Duration duration) ->
                    "supervisor: stopped for " + duration.toMillis() + " ms";
            case EndSupervisor(Duration down) ->
                    "supervisor: SIGTERM, down for " + down.toMillis() + " ms";
            case KillAll(Duration down) ->
                    "supervisor and workers: kill -9, down for " + down.toMillis() + " ms";
            case Upgrade _ -> "gw upgrade";
            case BotDown(Duration duration) -> "bot: down for " + duration.toMillis() + " ms";
            case BotTrouble(BotAnswer answer, Duration duration) ->
                    "bot: " + answer + " for " + duration.toMillis() + " ms";
            case Inflict(String name, Fault fault, int shard) ->
                    "sim: "
                            + name
                            + (fault instanceof Fault.OnConnection ? " on shard " + shard : "")
                            + ", "
                            + fault;
            case FillDisk(Duration duration) -> "disk: full for " + duration.toMillis() + " ms";
        };
    }
}
