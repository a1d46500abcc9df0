package gw.supervisor.cli;

import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.Status;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** How far a reshard has got, for a terminal: a bar, and below it what it waits for. */
final class ReshardProgress {
    private ReshardProgress() {}

    /** Empty when none is under way. */
    static List<Line> lines(Status status, ZoneId zone) {
        ReshardStatus reshard = status.getReshard();
        if (!ReshardWords.underWay(reshard)) {
            return List.of();
        }
        List<Line> lines = new ArrayList<>();
        lines.add(
                bar(reshard)
                        .add(" ")
                        .add(
                                reshard.getPhase() == ReshardPhase.RESHARD_PHASE_WAITING
                                        ? Tone.WAITING
                                        : Tone.PLAIN,
                                ReshardWords.progress(status, zone)));
        if (!reshard.getWaitsFor().isEmpty()) {
            lines.add(Line.of("waits for " + reshard.getWaitsFor()));
        }
        return lines;
    }

    /** The same as the last lines of a command's output. */
    static List<Line> block(Status status, ZoneId zone) {
        List<Line> block = new ArrayList<>();
        for (Line line : lines(status, zone)) {
            block.add(Line.of(block.isEmpty() ? "gw: " : "    ").add(line));
        }
        return block;
    }

    private static Line bar(ReshardStatus reshard) {
        return ProgressBar.of(reshard.getShardsReady(), reshard.getShardsTotal());
    }
}
