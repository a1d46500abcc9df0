package gw.supervisor.cli;

import gw.supervisor.config.ConfigLoader;
import gw.supervisor.config.Loaded;
import gw.supervisor.config.StartOptions;
import gw.supervisor.exit.UserError;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.time.InstantSource;
import java.util.concurrent.Callable;

/** {@code gw start}: the supervisor itself, in the foreground. */
@Command(
        name = "start",
        abbreviateSynopsis = true,
        description = {
            "Hold the bot's shards and forward every event to its URL, until told to stop.",
            "Options may also stand in the environment (GW_MAX_SHARDS for --max-shards, and so on)"
                    + " and in a file (--config); the command line wins, then the environment."
        },
        footer = {
            "",
            "Examples:",
            "  gw start --sim                 try it against a fake Discord, without a token",
            "  DISCORD_TOKEN=... gw start --url http://127.0.0.1:8080/events --intents GUILDS",
            "  gw start --config gw.yaml --dry-run    show the plan, start nothing",
            "",
            "Ctrl-C, SIGTERM and gw stop end it; the sessions stay resumable.",
        })
final class StartCommand implements Callable<Integer> {
    private final Console console;

    @Mixin private StartOptions options = new StartOptions();

    StartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws UserError {
        Loaded loaded = ConfigLoader.load(options, console.environment());
        try (StartView view = StartView.on(console, loaded.plain(), InstantSource.system())) {
            if (loaded.verbose()) {
                loaded.origins().forEach(view::line);
            }
            boolean live = console.terminal().live() && !loaded.plain();
            return new StartRun(loaded, console.environment(), view, live, Version.name()).run();
        }
    }
}
