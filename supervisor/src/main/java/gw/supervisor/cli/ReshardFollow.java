package gw.supervisor.cli;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.Status;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;

/**
 * Follows a reshard to its end, also when the supervisor goes away meanwhile and comes back. For
 * one thread.
 */
final class ReshardFollow {
    private static final long LOOK_EVERY_MILLIS = 200;

    private final FollowedSupervisor followed;
    private final Progress progress;
    private final ZoneId zone;
    private final Duration patience;
    private ReshardPhase told = ReshardPhase.RESHARD_PHASE_NONE;
    private long startedMillis;

    /**
     * The end of a reshard.
     *
     * @param startedMillis when it began, since the epoch
     * @param done whether the new shards serve; otherwise it was given up
     */
    record End(Status status, long startedMillis, boolean done) {
        /** How long it took, in milliseconds. */
        long millis() {
            long ended = status.getReshard().getLastEndedMs();
            return Math.max(
                    0, (ended == 0 ? status.getSupervisor().getNowMs() : ended) - startedMillis);
        }
    }

    /**
     * Nothing is asked yet.
     *
     * @param patience how long the supervisor may be away, or know nothing of the reshard
     */
    ReshardFollow(FollowedSupervisor followed, Progress progress, ZoneId zone, Duration patience) {
        this.followed = followed;
        this.progress = progress;
        this.zone = zone;
        this.patience = patience;
    }

    /**
     * Waits for the end of the reshard that has just been ordered.
     *
     * @param before the status from before the order
     * @throws UserError when the supervisor stays away, or knows nothing of a reshard any more
     */
    End run(Status before) throws UserError, InterruptedException {
        startedMillis = before.getSupervisor().getNowMs();
        long heard = System.nanoTime();
        while (true) {
            Status status = followed.look().orElse(null);
            if (status != null) {
                ReshardStatus reshard = status.getReshard();
                boolean switched = reshard.getGeneration() > before.getReshard().getGeneration();
                if (reshard.getLastEndedMs() > before.getReshard().getLastEndedMs()
                        || (switched && !ReshardWords.underWay(reshard))) {
                    return new End(status, startedMillis, switched || ReshardWords.done(reshard));
                }
                if (ReshardWords.underWay(reshard)) {
                    heard = System.nanoTime();
                    show(status);
                }
            }
            long silentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heard);
            if (silentMillis > patience.toMillis()) {
                throw status == null ? away() : forgotten();
            }
            if (status == null) {
                progress.now("the supervisor doesn't answer for " + Words.duration(silentMillis));
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private void show(Status status) {
        ReshardStatus reshard = status.getReshard();
        if (reshard.getStartedAtMs() != 0) {
            startedMillis = reshard.getStartedAtMs();
        }
        if (reshard.getPhase() != told) {
            told = reshard.getPhase();
            progress.line(StateWords.name(told) + ": " + ReshardWords.what(told));
        }
        progress.now(ReshardProgress.block(status, zone));
    }

    private UserError away() {
        return new UserError(
                ExitCode.NOT_RUNNING,
                "no supervisor answers for "
                        + Words.duration(patience.toMillis())
                        + ": the reshard is not followed any more",
                "The next supervisor on the same state directory goes on with it, or gives it up:"
                        + " gw start, then gw status.");
    }

    private UserError forgotten() {
        return new UserError(
                ExitCode.INTERNAL,
                "the supervisor says nothing of the reshard for "
                        + Words.duration(patience.toMillis()),
                "gw status shows which shards serve and what it decided.");
    }
}
