package gw.sim.cli;

import gw.sim.check.Balance;
import gw.sim.gateway.SimStats;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The sim for people: where to point a client, a line now and then, a summary. One thread. */
final class Foreground {
    /** How it speaks. */
    enum Voice {
        TERMINAL,
        LINES,
        JSON,
        QUIET
    }

    private static final Duration TERMINAL_PERIOD = Duration.ofSeconds(1);
    private static final Duration LINES_PERIOD = Duration.ofSeconds(10);
    private static final Duration SETTLE_PERIOD = Duration.ofMillis(100);
    private static final int SETTLE_TRIES = 100;
    private static final int SETTLE_STILL = 20;
    private static final String EXAMPLE_BOT = "http://127.0.0.1:8080/events";

    private final SimRun run;
    private final Voice voice;
    private final PrintStream out;
    private final LongSupplier nanos;
    private final JsonMapper json = JsonMapper.shared();
    private final long startedNanos;
    private final CountDownLatch stop;
    private long lastSent;
    private long lastNanos;

    Foreground(SimRun run, Voice voice, PrintStream out, LongSupplier nanos, CountDownLatch stop) {
        this.run = run;
        this.voice = voice;
        this.out = out;
        this.nanos = nanos;
        this.stop = stop;
        this.startedNanos = nanos.getAsLong();
        this.lastNanos = startedNanos;
    }

    /**
     * Runs until the latch or the end of the duration.
     *
     * @return whether no rule was broken and all that was owed was received
     */
    boolean serve() throws InterruptedException {
        greet();
        Optional<Duration> duration = run.plan().duration();
        Duration period = voice == Voice.TERMINAL ? TERMINAL_PERIOD : LINES_PERIOD;
        boolean over = false;
        while (!over) {
            Duration left = duration.map(all -> all.minus(elapsed())).orElse(period);
            Duration wait = left.compareTo(period) < 0 ? left : period;
            over =
                    stop.await(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS)
                            || duration.map(all -> elapsed().compareTo(all) >= 0).orElse(false);
            if (!over) {
                tell(run.stats());
            }
        }
        run.quiesce();
        settle();
        return conclude();
    }

    private Duration elapsed() {
        return Duration.ofNanos(nanos.getAsLong() - startedNanos);
    }

    private void greet() {
        String token = run.plan().settings().token();
        switch (voice) {
            case JSON -> {
                Map<String, Object> ready = new LinkedHashMap<>();
                ready.put("apiUrl", run.apiUrl().toString());
                ready.put("token", token);
                run.botUrl().ifPresent(url -> ready.put("botUrl", url.toString()));
                out.println(json.writeValueAsString(ready));
            }
            case QUIET -> {
                // Nothing but the summary.
            }
            case TERMINAL, LINES -> {
                out.println("gw sim: a strict fake Discord; Ctrl-C ends it");
                out.println("  API    " + run.apiUrl());
                out.println("  token  " + token);
                run.botUrl().ifPresent(url -> out.println("  bot    " + url));
                out.println("  try    " + command(token));
                if (run.botUrl().isEmpty()) {
                    out.println("         with the URL of your bot; --bot runs one here");
                }
            }
        }
        out.flush();
    }

    /** What to type in another terminal; it works as it stands. */
    private String command(String token) {
        return "DISCORD_TOKEN="
                + token
                + " gw start --api-url "
                + run.apiUrl()
                + " --intents GUILDS,GUILD_MESSAGES --url "
                + run.botUrl().map(URI::toString).orElse(EXAMPLE_BOT);
    }

    private void tell(SimStats stats) {
        long now = nanos.getAsLong();
        long perSecond = Math.round((stats.sent() - lastSent) * 1e9 / Math.max(1, now - lastNanos));
        lastSent = stats.sent();
        lastNanos = now;
        switch (voice) {
            case TERMINAL -> out.print("\r" + line(stats, perSecond) + "\033[K");
            case LINES -> out.println(line(stats, perSecond));
            case JSON -> out.println(json.writeValueAsString(figures(stats)));
            case QUIET -> {
                // Nothing but the summary.
            }
        }
        out.flush();
    }

    private String line(SimStats stats, long perSecond) {
        return Durations.words(elapsed())
                + "  connections "
                + stats.connections()
                + "  sessions "
                + stats.sessions()
                + "  sent "
                + stats.sent()
                + " ("
                + perSecond
                + "/s)"
                + (run.received().isPresent() ? "  received " + run.received().getAsLong() : "")
                + "  identifies "
                + stats.identifies()
                + "  resumes "
                + stats.resumes()
                + "  violations "
                + SummaryText.total(stats.violations());
    }

    private static Map<String, Object> figures(SimStats stats) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("connections", stats.connections());
        figures.put("sessions", stats.sessions());
        figures.put("sessionsEnded", stats.sessionsEnded());
        figures.put("sent", stats.sent());
        figures.put("identifies", stats.identifies());
        figures.put("resumes", stats.resumes());
        figures.put("violations", stats.violations());
        return figures;
    }

    /** Gives what is under way a moment to arrive. A second Ctrl-C can't hasten it: it is short. */
    private void settle() throws InterruptedException {
        if (run.received().isEmpty()) {
            return;
        }
        CountDownLatch pause = new CountDownLatch(1);
        long before = -1;
        int still = 0;
        for (int i = 0; i < SETTLE_TRIES && still < SETTLE_STILL; i++) {
            long received = run.received().getAsLong();
            if (received >= run.stats().sent()) {
                return;
            }
            still = received == before ? still + 1 : 0;
            before = received;
            var _ = pause.await(SETTLE_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private boolean conclude() {
        SimStats stats = run.stats();
        Optional<Balance> balance = run.balance();
        if (voice == Voice.JSON) {
            Map<String, Object> summary = figures(stats);
            balance.ifPresent(found -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                Embedded.balance(found, fields);
                summary.put("balance", fields);
            });
            out.println(json.writeValueAsString(summary));
        } else {
            if (voice == Voice.TERMINAL) {
                out.println();
            }
            out.print(SummaryText.of(elapsed(), stats, balance));
        }
        out.flush();
        return stats.violations().isEmpty() && balance.map(Balance::balanced).orElse(true);
    }
}
