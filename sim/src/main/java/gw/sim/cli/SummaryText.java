package gw.sim.cli;

import gw.sim.check.Balance;
import gw.sim.gateway.SimStats;
import gw.sim.interaction.InteractionStats;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a run came to, in lines for people. */
final class SummaryText {
    private SummaryText() {}

    static String of(Duration elapsed, SimStats stats, Optional<Balance> balance) {
        StringBuilder out = new StringBuilder();
        out.append("gw sim: over after ")
                .append(Durations.words(elapsed))
                .append("\n  sent        ")
                .append(stats.sent())
                .append("\n  identifies  ")
                .append(stats.identifies())
                .append("\n  resumes     ")
                .append(stats.resumes())
                .append("\n  ended       ")
                .append(stats.sessionsEnded())
                .append(" sessions, by the sim\n")
                .append(interactions(stats.interactions()))
                .append("  violations  ")
                .append(violations(stats.violations()))
                .append('\n');
        balance.ifPresent(found ->
                out.append("  balance     ")
                        .append(
                                found.explain()
                                        .lines()
                                        .collect(Collectors.joining("\n              ")))
                        .append('\n'));
        return out.toString();
    }

    private static String interactions(InteractionStats stats) {
        return stats.sent() == 0
                ? ""
                : "  interact.   "
                        + stats.sent()
                        + " sent, "
                        + stats.acknowledgedInAll()
                        + " acknowledged in time, "
                        + stats.tooLate()
                        + " too late, "
                        + stats.followUps()
                        + " follow-ups\n";
    }

    private static String violations(Map<String, Long> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
