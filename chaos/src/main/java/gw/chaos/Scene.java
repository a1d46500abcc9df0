package gw.chaos;

import gw.sim.FakeDiscord;
import gw.sim.bot.CountingBot;
import gw.sim.event.RealisticEvents;
import gw.sim.gateway.SimSettings;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A fake Discord, a counting bot, and between them gw. All are gone when it is closed.
 *
 * @param disk the state directory's own file system, when there is one
 */
record Scene(
        FakeDiscord discord,
        CountingBot bot,
        GwUnderTest gw,
        Control control,
        Optional<StateDisk> disk)
        implements AutoCloseable {
    private static final String TOKEN = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.sim-token-for-chaos";
    private static final String SECRET = "Bearer chaos-secret";
    private static final int MAX_CONCURRENCY = 16;
    private static final int SESSION_STARTS = 1_000_000;
    private static final Duration IDENTIFY_WINDOW = Duration.ofMillis(500);

    /**
     * gw's own: so much longer that a machine on which the sim stalls for two seconds between two
     * reads doesn't look like a broken rule. The pace itself is a test of its own.
     */
    private static final Duration IDENTIFY_INTERVAL = Duration.ofMillis(2_500);

    /**
     * Long enough that a worker may be stopped for a few seconds without missing one, short enough
     * that dead connections are found while the run lasts.
     */
    private static final Duration HEARTBEAT = Duration.ofSeconds(20);

    /** What a shard may have to replay after the longest trouble. */
    private static final int REPLAY_EVENTS = 50_000;

    /** Opens all; gw is not started yet. */
    static Scene open(Settings settings, Journal journal) throws IOException, InterruptedException {
        Files.createDirectories(settings.state());
        Optional<StateDisk> disk = Optional.empty();
        if (settings.kinds().contains(Kind.DISK_FULL)) {
            disk = StateDisk.mount(settings.state(), settings.diskMegabytes());
            if (disk.isEmpty()) {
                journal.say("the disk is not made to fill: mounting a tmpfs is not allowed here");
            }
        }
        SimSettings sim =
                SimSettings.defaults()
                        .withSeed(settings.seed())
                        .at(0, TOKEN)
                        .sized(settings.shards(), MAX_CONCURRENCY, settings.guilds())
                        .timed(IDENTIFY_WINDOW, HEARTBEAT)
                        .limited(SESSION_STARTS, SESSION_STARTS, SimSettings.KNOWN_INTENTS)
                        .remembering(REPLAY_EVENTS, settings.events());
        FakeDiscord discord = FakeDiscord.start(sim, new RealisticEvents(settings.seed()));
        CountingBot bot = CountingBot.start(0, Optional.of(SECRET), settings.events());
        GwUnderTest gw =
                new GwUnderTest(
                        settings,
                        Map.of("DISCORD_TOKEN", TOKEN, "GW_SECRET", SECRET),
                        discord.apiUrl(),
                        bot.url(),
                        IDENTIFY_INTERVAL,
                        journal);
        return new Scene(
                discord, bot, gw, new Control(settings.state().resolve("control.sock")), disk);
    }

    /** Also from a shutdown hook, in the middle of everything. */
    @Override
    public void close() {
        gw.close();
        control.close();
        discord.close();
        bot.close();
        disk.ifPresent(StateDisk::close);
    }
}
