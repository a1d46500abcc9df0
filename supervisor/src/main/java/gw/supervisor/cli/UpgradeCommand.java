package gw.supervisor.cli;

import gw.proto.v1.Status;
import gw.proto.v1.UpgradeResponse;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code gw upgrade}: the supervisor, then each worker, are replaced by what is installed now. */
@Command(
        name = "upgrade",
        description = {
            "Replace the running supervisor, then one worker after another, by the gw that is"
                    + " installed now.",
            "The sessions are handed over and resumed: no identify is spent, no event is lost. The"
                    + " supervisor keeps its process id, options and environment; it runs the"
                    + " path of bin/gw again that started it.",
        },
        footer = {
            "",
            "The exit code is 0 when everything is back that was ready before.",
        })
final class UpgradeCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 50;
    private static final int NAMED_SHARDS = 10;
    private static final String START_IT =
            "What it said is where its output goes. Start it with gw start on the same state"
                    + " directory: the workers hold the sessions until --orphan-timeout is over.";

    private final Console console;

    @Mixin private final SupervisorOptions supervisor = new SupervisorOptions();

    @Option(names = "--supervisor-only", description = "Leave the workers as they are.")
    private boolean supervisorOnly;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "How long the supervisor, and then each worker, may take to be back with its"
                            + " shards. Default: ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    @Option(names = "--json", description = "Print one JSON object at the end, and nothing else.")
    private boolean json;

    UpgradeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws UserError {
        Duration timeout = Duration.ofSeconds(timeoutSeconds);
        try (FollowedSupervisor followed = new FollowedSupervisor(supervisor, console);
                Progress progress = new Progress(console, json)) {
            ControlTarget target = supervisor.target(console);
            Status begin;
            UpgradeResponse old;
            long started = System.nanoTime();
            try (ControlClient client = ControlClient.of(target, ControlClient.PATIENCE)) {
                begin = client.status();
                old = client.upgrade();
            }
            progress.line(
                    "the supervisor (pid "
                            + old.getPid()
                            + ", gw "
                            + old.getVersion()
                            + ") makes way for the gw that is installed now");
            ReplacementFigures handedOver = await(followed, target, begin, old, timeout, progress);
            progress.line(
                    "gw "
                            + handedOver.end().getSupervisor().getVersion()
                            + " has taken over after "
                            + since(started)
                            + ": "
                            + Words.count(
                                    FollowedSupervisor.ready(handedOver.end()).size(),
                                    "shard",
                                    "shards")
                            + " ready");
            List<RollingRestart.Replaced> workers = List.of();
            try (ControlClient client =
                    ControlClient.of(supervisor.target(console), ControlClient.PATIENCE)) {
                if (!supervisorOnly) {
                    workers = new RollingRestart(followed, client, progress, timeout).run();
                }
                ReplacementFigures figures =
                        new ReplacementFigures(begin, handedOver.lastOfOld(), client.status());
                if (json) {
                    console.out().println(ReplacementJson.of(figures, workers));
                } else {
                    progress.line(
                            "upgraded from gw "
                                    + old.getVersion()
                                    + " to gw "
                                    + figures.end().getSupervisor().getVersion()
                                    + " in "
                                    + since(started));
                    figures.lines().forEach(progress::line);
                }
            }
            return ExitCode.OK.number();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERNAL.number();
        }
    }

    private static String since(long startedNanos) {
        return Words.duration(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
    }

    /** The end of the figures is the first status in which all is back that was ready before. */
    private static ReplacementFigures await(
            FollowedSupervisor followed,
            ControlTarget target,
            Status begin,
            UpgradeResponse old,
            Duration timeout,
            Progress progress)
            throws UserError, InterruptedException {
        Set<Integer> wanted = FollowedSupervisor.ready(begin);
        Set<Integer> missing = wanted;
        boolean back = false;
        Status lastOfOld = begin;
        long started = System.nanoTime();
        while (true) {
            Status status = followed.look().orElse(null);
            if (status != null && status.getSupervisor().getStartedAtMs() == old.getStartedAtMs()) {
                lastOfOld = status;
            } else if (status != null) {
                back = true;
                missing = new TreeSet<>(wanted);
                missing.removeAll(FollowedSupervisor.ready(status));
                if (missing.isEmpty()) {
                    return new ReplacementFigures(begin, lastOfOld, status);
                }
            } else if (hasEnded(target, old.getPid())) {
                throw new UserError(
                        ExitCode.INTERNAL,
                        "the supervisor (pid " + old.getPid() + ") ended instead of coming back",
                        START_IT);
            }
            if (System.nanoTime() - started > timeout.toNanos()) {
                throw back ? incomplete(missing, timeout) : away(old.getPid(), timeout);
            }
            progress.now(
                    (back
                                    ? "the next supervisor is there"
                                            + Section.BETWEEN
                                            + (wanted.size() - missing.size())
                                            + " of "
                                            + Words.count(wanted.size(), "shard", "shards")
                                            + " ready"
                                    : "waiting for the next supervisor")
                            + Section.BETWEEN
                            + since(started));
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    private static UserError away(long pid, Duration timeout) {
        return new UserError(
                ExitCode.INTERNAL,
                "no supervisor is back within " + Words.duration(timeout.toMillis()),
                "Its process (pid " + pid + ") is there: it may still be starting. " + START_IT);
    }

    private static UserError incomplete(Set<Integer> missing, Duration timeout) {
        return new UserError(
                ExitCode.INTERNAL,
                "the next supervisor is there, but within "
                        + Words.duration(timeout.toMillis())
                        + " "
                        + Words.count(missing.size(), "shard is", "shards are")
                        + " not ready again: "
                        + named(missing),
                "The workers were not restarted. gw status shows how it goes on.");
    }

    private static String named(Set<Integer> shards) {
        String first =
                shards.stream()
                        .limit(NAMED_SHARDS)
                        .map(String::valueOf)
                        .collect(Collectors.joining(", "));
        return shards.size() <= NAMED_SHARDS
                ? first
                : first + " and " + Words.count(shards.size() - NAMED_SHARDS) + " more";
    }

    /** Only a process of this machine can be looked for. */
    private static boolean hasEnded(ControlTarget target, long pid) {
        return target.address() instanceof ControlAddress.Unix && ProcessHandle.of(pid).isEmpty();
    }
}
