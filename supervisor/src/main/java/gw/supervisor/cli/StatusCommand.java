package gw.supervisor.cli;

import gw.proto.v1.ShardState;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.supervisor.exit.UserError;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code gw status}: how the supervisor, its workers, its shards and the delivery are. */
@Command(
        name = "status",
        description =
                "Show the supervisor, its workers and shards, the identify budget and the"
                        + " delivery.",
        footer = {
            "",
            "With --check the exit code is 1 when there is a problem or a shard is not ready.",
            "docs/status.md names the fields of --json."
        })
final class StatusCommand implements Callable<Integer> {
    private static final int UNWELL = 1;
    private static final double LEAST_SECONDS = 0.1;
    private static final double MOST_SECONDS = 60;
    private static final double MILLIS_PER_SECOND = 1_000;

    private final Console console;

    @Mixin private final SupervisorOptions supervisor = new SupervisorOptions();

    @Option(names = "--shard", paramLabel = "ID", description = "All that is known of one shard.")
    private @Nullable Integer shardId;

    @Option(names = "--json", description = "JSON, for programs.")
    private boolean json;

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "1",
            description = {
                "Show it again and again, every second or as often as said (0.1..60), until Ctrl-C"
                        + " or until the supervisor goes.",
                "With --json: one line each time."
            })
    private @Nullable Double watchSeconds;

    @Option(
            names = "--check",
            description = "Exit with 1 when there is a problem or a shard is not ready.")
    private boolean check;

    @Spec private CommandSpec spec = CommandSpec.create();

    StatusCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws UserError {
        Double seconds = watchSeconds;
        try (ControlClient client =
                ControlClient.of(supervisor.target(console), ControlClient.PATIENCE)) {
            if (seconds != null) {
                watch(client, interval(seconds));
                return 0;
            }
            Status status = client.status();
            if (json) {
                console.out().println(json(status, true));
            } else {
                console.print(view(status));
            }
            return check && !isWell(status) ? UNWELL : 0;
        }
    }

    private Duration interval(double seconds) {
        if (check) {
            throw new ParameterException(
                    spec.commandLine(), "--check: it looks once, so not with --watch");
        }
        if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(), "--watch: " + seconds + " (expected: 0.1..60)");
        }
        return Duration.ofMillis(Math.round(seconds * MILLIS_PER_SECOND));
    }

    private void watch(ControlClient client, Duration interval) throws UserError {
        // A shard that isn't there is said at once, not from within the watch.
        Status first = client.status();
        view(first);
        boolean gone;
        if (json) {
            gone = client.watch(interval, this::printJson);
        } else {
            try (WatchScreen screen = new WatchScreen(console)) {
                gone = client.watch(interval, status -> screen.show(show(status)));
            }
        }
        if (gone) {
            console.remark("the supervisor (pid " + first.getSupervisor().getPid() + ") has gone");
        }
    }

    private boolean printJson(Status status) {
        try {
            console.out().println(json(status, false));
        } catch (UserError e) {
            throw new IllegalStateException(e);
        }
        return !console.out().checkError();
    }

    private List<Line> show(Status status) {
        try {
            return view(status);
        } catch (UserError e) {
            return List.of(Line.of(Tone.BAD, String.valueOf(e.getMessage())));
        }
    }

    private String json(Status status, boolean indented) throws UserError {
        return shardId == null
                ? StatusJson.of(status, indented)
                : StatusJson.of(ShardView.find(status, shardId), indented);
    }

    private List<Line> view(Status status) throws UserError {
        if (shardId == null) {
            return StatusView.lines(status, console.terminal().size().columns(), console.zone());
        }
        return ShardView.lines(ShardView.find(status, shardId), status.getSupervisor().getNowMs());
    }

    private boolean isWell(Status status) {
        Integer only = shardId;
        return status.getProblemsCount() == 0
                && status.getShardsList().stream()
                        .filter(shard -> only == null || shard.getShardId() == only)
                        .allMatch(StatusCommand::isReady);
    }

    private static boolean isReady(ShardStatus shard) {
        return shard.getState() == ShardState.SHARD_STATE_READY;
    }
}
