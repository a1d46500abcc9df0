package gw.bench.outage;

import gw.sim.FakeDiscord;
import gw.sim.bot.CountingBot;
import gw.sim.check.Balance;
import gw.sim.check.LedgerCheck;
import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimSettings;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The bot is away for some minutes at a steady rate, and comes back: how large the backlog gets,
 * how fast it is worked off, what it costs. Arguments: bin/gw, a directory, minutes, events a
 * second.
 */
final class OutageBench {
    private static final int SHARDS = 25;
    private static final String TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.sim-token-for-benches";
    private static final Duration WARM = Duration.ofSeconds(30);

    private final Path gw;
    private final Path state;
    private final JsonMapper json = new JsonMapper();

    private OutageBench(Path gw, Path state) {
        this.gw = gw;
        this.state = state;
    }

    public static void main(String[] args) throws Exception {
        int minutes = Integer.parseInt(args[2]);
        int rate = Integer.parseInt(args[3]);
        new OutageBench(Path.of(args[0]), Path.of(args[1])).run(minutes, rate);
    }

    private void run(int minutes, int rate) throws Exception {
        int events = rate * (minutes + 5) * 60;
        SimSettings settings =
                SimSettings.defaults()
                        .at(0, TOKEN)
                        .sized(SHARDS, 16, 1_000)
                        .remembering(20_000, events);
        try (FakeDiscord discord =
                        FakeDiscord.start(settings, new RealisticEvents(settings.seed()));
                CountingBot bot = CountingBot.start(0, Optional.empty(), events)) {
            Process supervisor = start(discord, bot);
            try {
                measure(discord, bot, minutes, rate);
            } finally {
                supervisor.destroy();
                var _ = supervisor.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private Process start(FakeDiscord discord, CountingBot bot) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        gw.toString(),
                        "start",
                        "--api-url",
                        discord.apiUrl().toString(),
                        "--url",
                        bot.url().toString(),
                        "--state-dir",
                        state.toString(),
                        "--intents",
                        "GUILDS,GUILD_MESSAGES,DIRECT_MESSAGES",
                        "--plain");
        Map<String, String> environment = builder.environment();
        environment.put("DISCORD_TOKEN", TOKEN);
        environment.put("GW_NO_BUILD", "1");
        return builder.redirectErrorStream(true)
                .redirectOutput(state.resolveSibling("outage-gw.out").toFile())
                .start();
    }

    private void measure(FakeDiscord discord, CountingBot bot, int minutes, int rate)
            throws Exception {
        while (status().map(status -> status.path("shardsReady").asInt()).orElse(0) < SHARDS) {
            TimeUnit.SECONDS.sleep(1);
        }
        discord.rate(rate);
        TimeUnit.MILLISECONDS.sleep(WARM.toMillis());
        say("before the outage", status().orElseThrow());
        bot.down();
        long downUntil = System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
        while (System.nanoTime() - downUntil < 0) {
            TimeUnit.SECONDS.sleep(Math.min(60, Math.max(1, minutes * 60L / 10)));
            say("bot down", status().orElseThrow());
        }
        JsonNode atReturn = status().orElseThrow();
        long cpuBefore = atReturn.path("supervisor").path("cpuNanos").asLong();
        long deliveredBefore = atReturn.path("delivery").path("delivered").asLong();
        long backlog = atReturn.path("delivery").path("queuedEvents").asLong();
        long started = System.nanoTime();
        bot.up();
        JsonNode now = atReturn;
        while (now.path("delivery").path("oldestAgeMs").asLong() > 1_000) {
            TimeUnit.MILLISECONDS.sleep(500);
            now = status().orElseThrow();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        long delivered = now.path("delivery").path("delivered").asLong() - deliveredBefore;
        say("caught up", now);
        System.out.printf(
                "backlog of %d events worked off in %.1f s: %.0f events/s delivered, of which %d/s"
                        + " were new; supervisor CPU %.1f us/event%n",
                backlog,
                seconds,
                delivered / seconds,
                rate,
                (now.path("supervisor").path("cpuNanos").asLong() - cpuBefore) / 1e3 / delivered);
        discord.rate(0);
        while (status().orElseThrow().path("delivery").path("queuedEvents").asLong() > 0) {
            TimeUnit.MILLISECONDS.sleep(200);
        }
        TimeUnit.SECONDS.sleep(2);
        Balance balance = LedgerCheck.check(discord.ledger(), bot.received());
        System.out.println(balance.explain());
    }

    private static void say(String when, JsonNode status) {
        JsonNode delivery = status.path("delivery");
        JsonNode supervisor = status.path("supervisor");
        System.out.printf(
                "%s: %d events wait, %d MiB of records, %d MiB on disk in %d files, oldest %d s;"
                        + " supervisor heap %d MiB, RSS %d MiB; delivered %d, dropped %d%n",
                when,
                delivery.path("queuedEvents").asLong(),
                delivery.path("queuedBytes").asLong() >> 20,
                delivery.path("queueDiskBytes").asLong() >> 20,
                delivery.path("queueSegments").asLong(),
                delivery.path("oldestAgeMs").asLong() / 1_000,
                supervisor.path("heapUsedBytes").asLong() >> 20,
                supervisor.path("rssBytes").asLong() >> 20,
                delivery.path("delivered").asLong(),
                delivery.path("dropped").asLong());
    }

    private Optional<JsonNode> status() throws Exception {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        gw.toString(),
                                        "status",
                                        "--json",
                                        "--state-dir",
                                        state.toString()))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.of(json.readTree(text)) : Optional.empty();
    }
}
