package gw.supervisor.cli;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.Status;

import java.time.ZoneId;
import java.util.List;

/** Tells from one status to the next how a reshard gets on, and how it ended. */
final class ReshardChanges {
    private final ZoneId zone;
    private ReshardPhase phase = ReshardPhase.RESHARD_PHASE_NONE;
    private long lastEndedMillis = -1;

    ReshardChanges(ZoneId zone) {
        this.zone = zone;
    }

    void next(Status status, List<Line> lines) {
        ReshardStatus reshard = status.getReshard();
        boolean ended = lastEndedMillis >= 0 && reshard.getLastEndedMs() > lastEndedMillis;
        lastEndedMillis = reshard.getLastEndedMs();
        if (ended) {
            lines.add(ended(reshard));
        }
        if (ReshardWords.underWay(reshard) && reshard.getPhase() != phase) {
            lines.add(
                    Line.of(
                            "reshard: "
                                    + Section.joined(
                                            ReshardWords.progress(status, zone),
                                            ReshardWords.what(reshard.getPhase()))));
        }
        phase = reshard.getPhase();
    }

    private static Line ended(ReshardStatus reshard) {
        String counts =
                ReshardWords.counts(reshard.getLastFromShardCount(), reshard.getLastToShardCount());
        return ReshardWords.done(reshard)
                ? Line.of(
                        Tone.GOOD,
                        "resharded: " + Section.joined(counts, ReshardWords.figures(reshard)))
                : Line.of(
                        Tone.BAD,
                        "reshard given up: "
                                + counts
                                + ": "
                                + reshard.getLastOutcome()
                                + "; the shards that served go on");
    }
}
