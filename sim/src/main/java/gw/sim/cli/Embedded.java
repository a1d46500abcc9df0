package gw.sim.cli;

import gw.sim.check.Balance;
import gw.sim.gateway.SimStats;

import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sim as a child process that a parent talks to in lines: commands in, JSON out. */
final class Embedded {
    private final SimRun run;
    private final PrintStream out;
    private final JsonMapper json = JsonMapper.shared();

    Embedded(SimRun run, PrintStream out) {
        this.run = run;
        this.out = out;
    }

    /** Until "finish" or the end of the input. */
    void serve(InputStream in) throws IOException {
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("apiUrl", run.apiUrl().toString());
        ready.put("token", run.plan().settings().token());
        ready.put("botUrl", run.botUrl().map(URI::toString).orElse(""));
        ready.put("secret", run.plan().secret().orElse(""));
        say(ready);
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            switch (line.strip()) {
                case "stats" -> say(stats());
                case "quiesce" -> {
                    run.quiesce();
                    say(Map.of("quiet", true));
                }
                case "finish" -> {
                    say(finish());
                    return;
                }
                default ->
                        say(Map.of("error", "no such command (expected: stats, quiesce, finish)"));
            }
        }
    }

    private Map<String, Object> stats() {
        SimStats stats = run.stats();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("sent", stats.sent());
        answer.put("received", run.received().orElse(0));
        answer.put("violations", stats.violations());
        return answer;
    }

    private Map<String, Object> finish() {
        run.quiesce();
        Map<String, Object> answer = new LinkedHashMap<>();
        run.balance().ifPresent(balance -> balance(balance, answer));
        answer.put("violations", run.stats().violations());
        return answer;
    }

    static void balance(Balance balance, Map<String, Object> to) {
        to.put("sent", balance.sent());
        to.put("received", balance.received());
        to.put("redelivered", balance.redelivered());
        to.put("duplicated", balance.duplicated());
        to.put("spare", balance.spare());
        to.put("missing", balance.missing());
        to.put("announcedLost", balance.announcedLost());
        to.put("endedWithSession", balance.endedWithSession());
        to.put("outOfOrder", balance.outOfOrder());
        to.put("corrupted", balance.corrupted());
        to.put("unknown", balance.unknown());
        to.put("falseGaps", balance.falseGaps());
        to.put("balanced", balance.balanced());
        to.put("explain", balance.explain());
    }

    private void say(Map<String, Object> answer) {
        out.println(json.writeValueAsString(answer));
        out.flush();
    }
}
