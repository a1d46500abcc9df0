package gw.supervisor.cli;

import gw.supervisor.config.ConfigLoader;
import gw.supervisor.config.Loaded;
import gw.supervisor.config.StartOptions;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.launch.ProcessImage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.time.InstantSource;
import java.util.Optional;
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
            "Ctrl-C, SIGTERM and gw stop --keep-sessions end it so that the next start resumes the"
                    + " sessions;",
            "gw stop ends them; gw upgrade replaces it while they go on.",
        })
final class StartCommand implements Callable<Integer> {
    private final Console console;

    @Mixin private StartOptions options = new StartOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    StartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws UserError {
        Loaded loaded = ConfigLoader.load(options, console.environment());
        Optional<ProcessImage> next =
                ProcessImage.of(
                        console.environment(),
                        spec.root().commandLine().getParseResult().originalArgs());
        StartRun run;
        int exitCode;
        try (StartView view = StartView.on(console, loaded.plain(), InstantSource.system())) {
            if (loaded.verbose()) {
                loaded.origins().forEach(view::line);
            }
            boolean live = console.terminal().live() && !loaded.plain();
            run = new StartRun(loaded, console.environment(), view, live, Version.name(), next);
            exitCode = run.run();
        }
        if (run.handedOver() && next.isPresent()) {
            console.out().flush();
            console.err().flush();
            throw new UserError(
                    ExitCode.INTERNAL,
                    "the next supervisor can't be started: " + next.get().replace(),
                    "Start it with gw start: the workers hold the sessions for a while.");
        }
        return exitCode;
    }
}
