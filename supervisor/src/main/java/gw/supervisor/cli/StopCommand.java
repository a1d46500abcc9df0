package gw.supervisor.cli;

import gw.proto.v1.IdentifyStatus;
import gw.proto.v1.ShardState;
import gw.proto.v1.Status;
import gw.proto.v1.StopResponse;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code gw stop}: asks the supervisor to end, and waits until it is gone. */
@Command(
        name = "stop",
        description = {
            "Stop the supervisor and its workers; says before what that means.",
            "Without --keep-sessions the bot's sessions end: it goes offline at once, and the next"
                    + " start identifies every shard. Signals (SIGTERM, Ctrl-C) keep the sessions.",
        })
final class StopCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 200;
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(1);

    private final Console console;

    @Mixin private final SupervisorOptions supervisor = new SupervisorOptions();

    @Option(names = "--no-wait", description = "Ask only, and don't wait until it is gone.")
    private boolean noWait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Wait no longer than this. Default: ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    @Option(
            names = "--keep-sessions",
            description = {
                "Leave so that a start within the next few minutes resumes all sessions and spends"
                        + " no identify.",
            })
    private boolean keepSessions;

    @Option(names = "--json", description = "Print one JSON object at the end, and nothing else.")
    private boolean json;

    StopCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws UserError {
        ControlTarget target = supervisor.target(console);
        long startedNanos = System.nanoTime();
        StopResponse stopping;
        Status before;
        try (ControlClient client = ControlClient.of(target, ControlClient.PATIENCE)) {
            before = client.status();
            StopWords.before(before, keepSessions, console.zone()).forEach(this::say);
            stopping = client.stop(keepSessions);
        }
        String who =
                "the supervisor (pid "
                        + stopping.getPid()
                        + ") with "
                        + Words.count(stopping.getWorkers(), "worker", "workers")
                        + " and "
                        + Words.count(stopping.getShards(), "shard", "shards");
        say(who + " is stopping");
        if (!noWait) {
            await(target, stopping.getPid(), startedNanos);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
        if (json) {
            console.out().println(json(stopping, before.getIdentify(), millis));
        } else if (!noWait) {
            say("stopped after " + Words.duration(millis));
        }
        return 0;
    }

    private void say(String message) {
        if (!json) {
            console.out().println("gw: " + message);
        }
    }

    private String json(StopResponse stopping, IdentifyStatus identify, long millis) {
        return StatusJson.document(
                true,
                out -> {
                    out.writeStartObject();
                    out.writeNumberProperty("pid", stopping.getPid());
                    out.writeNumberProperty("workers", stopping.getWorkers());
                    out.writeNumberProperty("shards", stopping.getShards());
                    out.writeNumberProperty("sessions", stopping.getSessions());
                    out.writeBooleanProperty("sessionsKept", keepSessions);
                    out.writeNumberProperty("sessionStartsLeft", identify.getRemaining());
                    out.writeNumberProperty("queuedEvents", stopping.getQueuedEvents());
                    out.writeBooleanProperty("ended", !noWait);
                    out.writeNumberProperty("millis", millis);
                    out.writeEndObject();
                });
    }

    private void await(ControlTarget target, long pid, long startedNanos) throws UserError {
        LiveBlock progress =
                new LiveBlock(
                        console.out(),
                        console.terminal().live() && !json,
                        console.terminal().size().columns(),
                        console.terminal().colour());
        try (ControlClient client = ControlClient.of(target, LOOK_PATIENCE)) {
            long limitNanos = TimeUnit.SECONDS.toNanos(timeoutSeconds);
            while (true) {
                long goneByNanos = System.nanoTime() - startedNanos;
                if (goneByNanos > limitNanos) {
                    throw new UserError(
                            ExitCode.INTERNAL,
                            "the supervisor (pid "
                                    + pid
                                    + ") has not ended within "
                                    + timeoutSeconds
                                    + " s",
                            "It goes on stopping: look again with gw status, or end it with kill "
                                    + pid
                                    + ".");
                }
                Optional<Status> status = look(client);
                if (status.isEmpty() && hasEnded(target, pid)) {
                    return;
                }
                progress.show(
                        List.of(
                                Line.of(
                                        "gw: stopping for "
                                                + Words.duration(goneByNanos / 1_000_000)
                                                + status.map(StopCommand::left).orElse(""))));
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            progress.erase();
        }
    }

    private static Optional<Status> look(ControlClient client) {
        try {
            return Optional.of(client.status());
        } catch (UserError e) {
            // No answer is what is waited for; whether the process has ended is asked next.
            return Optional.empty();
        }
    }

    private static String left(Status status) {
        long connected =
                status.getShardsList().stream()
                        .filter(shard -> shard.getState() == ShardState.SHARD_STATE_READY)
                        .count();
        return Section.BETWEEN
                + Words.count(connected, "shard", "shards")
                + " still connected"
                + Section.BETWEEN
                + Words.count(status.getDelivery().getQueuedEvents(), "event", "events")
                + " to deliver";
    }

    /** Its process is watched where it is on this machine; elsewhere its silence has to do. */
    private static boolean hasEnded(ControlTarget target, long pid) throws InterruptedException {
        if (target.address() instanceof ControlAddress.Tcp) {
            return true;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return true;
        }
        try {
            var _ = process.get().onExit().get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }
}
