package gw.chaos;

import tools.jackson.databind.json.JsonMapper;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run came to, for people and for programs. */
final class Summary {
    private Summary() {}

    static String text(Outcome outcome) {
        StringBuilder out = new StringBuilder();
        out.append(
                outcome.verdict().kept() ? "all promises were kept\n" : "PROMISES WERE BROKEN\n");
        outcome.verdict().broken().forEach(line -> out.append("  ").append(line).append('\n'));
        figures(outcome)
                .forEach((name, value) ->
                        out.append(String.format(Locale.ROOT, "  %-22s %s%n", name, value)));
        if (!outcome.verdict().kept()) {
            out.append("  again: ").append(again(outcome.settings())).append('\n');
            out.append("  kept:  ").append(outcome.settings().directory()).append('\n');
        }
        return out.toString();
    }

    static String json(Outcome outcome) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("kept", outcome.verdict().kept());
        all.put("broken", outcome.verdict().broken());
        all.putAll(figures(outcome));
        all.put("command", again(outcome.settings()));
        return JsonMapper.shared().writeValueAsString(all);
    }

    /** The command that repeats it. */
    static String again(Settings settings) {
        String kinds =
                Arrays.stream(Kind.values())
                        .filter(settings.kinds()::contains)
                        .map(kind -> kind.word)
                        .collect(Collectors.joining(","));
        StringBuilder out = new StringBuilder();
        out.append("bin/gw-chaos --seed ")
                .append(settings.seed())
                .append(" --minutes ")
                .append(settings.length().toMillis() / 60_000.0)
                .append(" --rate ")
                .append(settings.rate())
                .append(" --shards ")
                .append(settings.shards())
                .append(" --workers ")
                .append(settings.workers())
                .append(" --guilds ")
                .append(settings.guilds())
                .append(" --only ")
                .append(kinds);
        settings.gwOptions().forEach(option -> out.append(" --gw-option=").append(option));
        return out.toString();
    }

    private static Map<String, Object> figures(Outcome outcome) {
        Evidence evidence = outcome.evidence();
        var balance = evidence.balance();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("seed", outcome.settings().seed());
        figures.put("seconds", outcome.settings().length().toMillis() / 1e3);
        figures.put("sent", balance.sent());
        figures.put("received", balance.received());
        figures.put("redelivered", balance.redelivered());
        figures.put("redeliveredAtMost", Verdict.mostRedeliveries(evidence));
        figures.put("duplicated", balance.duplicated());
        figures.put("missing", balance.missing());
        figures.put("outOfOrder", balance.outOfOrder());
        figures.put("corrupted", balance.corrupted());
        figures.put("unknown", balance.unknown());
        figures.put("announcedLost", balance.announcedLost());
        figures.put("endedWithSession", balance.endedWithSession());
        figures.put("gaps", evidence.gaps());
        figures.put("identifies", evidence.sim().identifies());
        figures.put("shards", evidence.shards());
        figures.put("sessionsEndedBySim", evidence.sim().sessionsEnded());
        figures.put("readyLostOnItsWay", evidence.excused().size());
        figures.put("resumes", evidence.sim().resumes());
        figures.put("violations", evidence.sim().violations());
        figures.put("missedWhileStopped", evidence.missedHeartbeats());
        figures.put("drainSeconds", outcome.drain().toMillis() / 1e3);
        Map<String, Long> done = new LinkedHashMap<>();
        Deeds.byKind(evidence.deeds()).forEach((kind, count) -> done.put(kind.word, count));
        figures.put("done", done);
        return figures;
    }
}
