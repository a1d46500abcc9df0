package gw.supervisor.cli;

import gw.proto.v1.Status;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code gw restart}: reconnects one shard, or replaces one worker process. */
@Command(
        name = "restart",
        description =
                "Reconnect one shard, or replace one worker or all. Sessions are resumed: no event"
                        + " is lost.")
final class RestartCommand implements Callable<Integer> {
    /** Exactly one of them. */
    private static final class Which {
        @Option(names = "--shard", paramLabel = "ID", description = "The shard to reconnect.")
        private @Nullable Integer shard;

        @Option(
                names = "--worker",
                paramLabel = "NUMBER",
                description = "The worker to replace; all its shards resume in the next one.")
        private @Nullable Integer worker;

        @Option(
                names = "--rolling",
                description =
                        "Replace all workers, one after another: each has to be back before the"
                                + " next one goes.")
        private boolean rolling;
    }

    private final Console console;

    @Mixin private final SupervisorOptions supervisor = new SupervisorOptions();

    @ArgGroup(multiplicity = "1")
    private Which which = new Which();

    @Option(
            names = "--fresh",
            description = {
                "With --shard: give the session up and identify anew.",
                "This spends one of the day's session starts, and the events in between are lost."
            })
    private boolean fresh;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = {
                "With --rolling: how long each worker may take to be back with its shards.",
                "Default: ${DEFAULT-VALUE}"
            })
    private int timeoutSeconds;

    @Option(
            names = "--json",
            description = "With --rolling: print one JSON object at the end, and nothing else.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    RestartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws UserError {
        Integer shard = which.shard;
        Integer worker = which.worker;
        if (fresh && shard == null) {
            throw new ParameterException(spec.commandLine(), "--fresh: it goes with --shard alone");
        }
        if (json && !which.rolling) {
            throw new ParameterException(spec.commandLine(), "--json: it goes with --rolling");
        }
        if (which.rolling) {
            return restartAll();
        }
        try (ControlClient client =
                ControlClient.of(supervisor.target(console), ControlClient.PATIENCE)) {
            if (shard != null) {
                restartShard(client, shard);
            } else if (worker != null) {
                restartWorker(client, worker);
            }
            return 0;
        }
    }

    private void restartShard(ControlClient client, int shard) throws UserError {
        if (fresh) {
            console.remark(
                    "this spends a session start: "
                            + IdentifySection.left(client.status().getIdentify()));
        }
        client.restartShard(shard, fresh);
        say(
                fresh
                        ? "shard "
                                + shard
                                + " gives its session up and identifies when its turn comes"
                        : "shard " + shard + " reconnects and resumes its session");
        say("gw status --shard " + shard + " shows how it gets on");
    }

    private void restartWorker(ControlClient client, int worker) throws UserError {
        long pid = client.restartWorker(worker);
        say(
                pid == 0
                        ? "worker " + worker + " had no process: the next one starts now"
                        : "worker "
                                + worker
                                + " (pid "
                                + pid
                                + ") leaves; the next one resumes its sessions");
    }

    private int restartAll() throws UserError {
        try (FollowedSupervisor followed = new FollowedSupervisor(supervisor, console);
                Progress progress = new Progress(console, json);
                ControlClient client =
                        ControlClient.of(supervisor.target(console), ControlClient.PATIENCE)) {
            Status begin = client.status();
            List<RollingRestart.Replaced> workers =
                    new RollingRestart(
                                    followed, client, progress, Duration.ofSeconds(timeoutSeconds))
                            .run();
            ReplacementFigures figures = new ReplacementFigures(begin, begin, client.status());
            if (json) {
                console.out().println(ReplacementJson.of(figures, workers));
            } else {
                figures.lines().forEach(progress::line);
            }
            return ExitCode.OK.number();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERNAL.number();
        }
    }

    private void say(String message) {
        console.out().println("gw: " + message);
    }
}
