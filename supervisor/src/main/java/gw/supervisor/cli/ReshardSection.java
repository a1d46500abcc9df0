package gw.supervisor.cli;

import gw.proto.v1.CapacityStatus;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.Status;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How full the shards are, and what gw does about it. */
final class ReshardSection {
    private ReshardSection() {}

    /** Nothing of a supervisor that doesn't know of it. */
    static List<Line> lines(Status status, ZoneId zone) {
        List<Line> lines = new ArrayList<>();
        if (status.hasCapacity()) {
            lines.addAll(capacity(status, zone).lines());
        }
        if (status.hasReshard()) {
            lines.addAll(reshard(status, zone).lines());
        }
        return lines;
    }

    private static Section capacity(Status status, ZoneId zone) {
        CapacityStatus capacity = status.getCapacity();
        int percentage = status.getReshard().getPercentage();
        boolean full = percentage > 0 && capacity.getFullestPercent() >= percentage;
        return new Section("capacity")
                .add(
                        Line.of(Words.count(capacity.getGuilds(), "guild", "guilds"))
                                .add(Section.BETWEEN)
                                .add(full ? Tone.WAITING : Tone.PLAIN, fullest(capacity))
                                .add(after(growth(capacity)))
                                .add(
                                        after(
                                                fullAt(
                                                        capacity,
                                                        percentage,
                                                        status.getSupervisor().getNowMs(),
                                                        zone))));
    }

    private static String after(String fact) {
        return fact.isEmpty() ? "" : Section.BETWEEN + fact;
    }

    private static String fullest(CapacityStatus capacity) {
        return "fullest shard "
                + capacity.getFullestShard()
                + " with "
                + Words.count(capacity.getFullestGuilds())
                + ", "
                + String.format(Locale.ROOT, "%.1f", capacity.getFullestPercent())
                + " % of 2500";
    }

    private static String growth(CapacityStatus capacity) {
        if (!capacity.hasGrowthPerDay()) {
            return "growth not known yet";
        }
        long growth = capacity.getGrowthPerDay();
        if (growth == 0) {
            return "no growth";
        }
        return Words.count(Math.abs(growth)) + (growth > 0 ? " more a day" : " fewer a day");
    }

    private static String fullAt(CapacityStatus capacity, int percentage, long now, ZoneId zone) {
        return capacity.getFullAtMs() <= now
                ? ""
                : percentage + " % on " + Words.date(capacity.getFullAtMs(), zone);
    }

    private static Section reshard(Status status, ZoneId zone) {
        ReshardStatus reshard = status.getReshard();
        long now = status.getSupervisor().getNowMs();
        Section section = new Section("reshard");
        if (ReshardWords.underWay(reshard)) {
            ReshardProgress.lines(status, zone).forEach(section::add);
            return section.addFacts(
                    ReshardWords.what(reshard.getPhase()),
                    reshard.getStartedAtMs() == 0
                            ? ""
                            : (reshard.getOrdered()
                                            ? "ordered by gw reshard "
                                            : "begun by gw itself ")
                                    + Words.ago(now, reshard.getStartedAtMs()));
        }
        section.addFacts(
                reshard.getAutomatic()
                        ? "by itself from " + reshard.getPercentage() + " % on"
                        : "by gw reshard alone",
                reshard.getNextCheckMs() > now
                        ? "next look in " + Words.duration(reshard.getNextCheckMs() - now)
                        : "");
        section.addFacts(reshard.getDecision());
        return reshard.getLastEndedMs() == 0 ? section : section.add(last(reshard, now));
    }

    private static Line last(ReshardStatus reshard, long now) {
        String counts =
                ReshardWords.counts(reshard.getLastFromShardCount(), reshard.getLastToShardCount());
        String when = "last one " + Words.ago(now, reshard.getLastEndedMs()) + ": " + counts;
        return ReshardWords.done(reshard)
                ? Line.of(Section.joined(when, ReshardWords.figures(reshard)))
                : Line.of(when + " ").add(Tone.WAITING, "given up: " + reshard.getLastOutcome());
    }
}
