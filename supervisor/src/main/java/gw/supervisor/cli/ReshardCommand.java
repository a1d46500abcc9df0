package gw.supervisor.cli;

import gw.proto.v1.PlanStatus;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.ReshardStatus;
import gw.proto.v1.Status;
import gw.supervisor.config.Intents;
import gw.supervisor.exit.ExitCode;
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

/** {@code gw reshard}: moves the running supervisor to another shard count, or gives that up. */
@Command(
        name = "reshard",
        description = {
            "Move to another shard count, or to the same one anew, while the bot goes on.",
            "The new shards come up behind those that serve and take over when all are ready; no"
                    + " event is lost or doubled. Each new shard spends one session start.",
            "gw does this by itself when shards become full (gw start --reshard)."
        },
        footer = {
            "",
            "Examples:",
            "  gw reshard --dry-run                          what gw would choose, and what it"
                    + " costs",
            "  gw reshard --to 32                            32 shards; follows it to its end",
            "  gw reshard --to 32 --first 0 --last 15        this machine's half of 32",
            "  gw reshard --intents GUILDS,GUILD_MESSAGES    other intents, without a gap",
            "  gw reshard --cancel                           give it up: no serving shard notices",
            "",
            "Ctrl-C ends the following alone: the reshard goes on. The exit code is 0 when the new",
            "shards serve (with --dry-run and --detach: when it could begin), 1 when it was given"
                    + " up,",
            "10 when the supervisor refused it."
        })
final class ReshardCommand implements Callable<Integer> {
    private static final String LEFT =
            "not followed any more; the reshard goes on: gw status shows how, gw reshard --cancel"
                    + " gives it up";

    private final Console console;

    @Mixin private final SupervisorOptions supervisor = new SupervisorOptions();

    @Option(
            names = "--to",
            paramLabel = "COUNT",
            description = {
                "The bot's new shard count, all machines together; more, fewer or the same.",
                "Default: what gw would choose by itself."
            })
    private @Nullable Integer to;

    @Option(
            names = "--first",
            paramLabel = "ID",
            description = "With --to and --last: the first of them that runs here.")
    private @Nullable Integer first;

    @Option(
            names = "--last",
            paramLabel = "ID",
            description = "With --to and --first: the last of them that runs here, inclusive.")
    private @Nullable Integer last;

    @Option(
            names = "--intents",
            paramLabel = "NAMES",
            description = {
                "The intents from then on, as for gw start. Change them there, too: the next start"
                        + " goes by its own options.",
                "Default: as they are."
            })
    private @Nullable String intents;

    @Option(
            names = "--now",
            description =
                    "Begin though the session starts that are left don't suffice: the reserve may"
                            + " be used, and what is missing is waited for on the way.")
    private boolean now;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Option(names = "--detach", description = "Order it and don't wait for its end.")
    private boolean detach;

    @Option(names = "--cancel", description = "Give up the one that is under way.")
    private boolean cancel;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "How long a supervisor that goes away meanwhile may take to be back. Default:"
                            + " ${DEFAULT-VALUE}")
    private int timeoutSeconds;

    @Option(names = "--json", description = "Print one JSON object at the end, and nothing else.")
    private boolean json;

    @Spec private CommandSpec spec = CommandSpec.create();

    ReshardCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws UserError {
        ReshardRequest.Builder wish = wish();
        try (FollowedSupervisor followed = new FollowedSupervisor(supervisor, console);
                Progress progress = new Progress(console, json)) {
            Status before;
            ReshardResponse answer;
            try (ControlClient client =
                    ControlClient.of(supervisor.target(console), ControlClient.PATIENCE)) {
                if (cancel) {
                    return cancel(client, progress);
                }
                before = client.status();
                answer = client.reshard(ownPart(wish, before.getPlan()).build());
            }
            long nowMillis = before.getSupervisor().getNowMs();
            ReshardWords.plan(answer.getPlan()).forEach(progress::line);
            progress.line(ReshardWords.begins(answer, nowMillis, console.zone()));
            if (dryRun || detach || !answer.getAccepted()) {
                return answered(answer, progress);
            }
            return follow(followed, progress, before, answer);
        }
    }

    private ReshardRequest.Builder wish() {
        ReshardRequest.Builder wish = ReshardRequest.newBuilder().setNow(now).setDryRun(dryRun);
        if (cancel && (to != null || first != null || last != null || intents != null || now)) {
            throw wrong("--cancel: it goes without a wish for another reshard");
        }
        if (cancel && (dryRun || detach || json)) {
            throw wrong("--cancel: it goes without --dry-run, --detach and --json");
        }
        if ((first == null) != (last == null) || (first != null && to == null)) {
            throw wrong("--first and --last: they go together, and with --to");
        }
        if (to != null) {
            if (to < 1) {
                throw wrong("--to: " + to + " (expected: at least 1)");
            }
            wish.setShardCount(to);
        }
        if (first != null && last != null) {
            if (first < 0 || first > last) {
                throw wrong("--first: " + first + " (expected: 0.." + last + ", at most --last)");
            }
            wish.setFirstShard(first).setLastShard(last);
        }
        if (intents != null) {
            wish.setIntents(bits(intents));
        }
        return wish;
    }

    private long bits(String names) {
        try {
            return Intents.parse(List.of(names.strip().split("[,\\s]+")));
        } catch (IllegalArgumentException e) {
            throw wrong("--intents: " + e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Who holds a part of the shards must not get all of them by an order that forgot it. */
    private ReshardRequest.Builder ownPart(ReshardRequest.Builder wish, PlanStatus plan)
            throws UserError {
        boolean all = plan.getFirstShard() == 0 && plan.getLastShard() == plan.getShardCount() - 1;
        if (all || wish.getShardCount() == 0 || wish.hasFirstShard()) {
            return wish;
        }
        if (wish.getShardCount() == plan.getShardCount()) {
            return wish.setFirstShard(plan.getFirstShard()).setLastShard(plan.getLastShard());
        }
        throw new UserError(
                ExitCode.REFUSED,
                "this supervisor holds the shards "
                        + Words.range(plan.getFirstShard(), plan.getLastShard())
                        + " of "
                        + plan.getShardCount()
                        + " alone: which of "
                        + wish.getShardCount()
                        + " it is to hold must be said",
                "Give --first and --last. The other supervisors of this bot have to go to the same"
                        + " count, one after another.");
    }

    private int cancel(ControlClient client, Progress progress) throws UserError {
        client.cancelReshard();
        progress.line("the reshard is given up: the shards that serve go on");
        return ExitCode.OK.number();
    }

    private int answered(ReshardResponse answer, Progress progress) {
        if (json) {
            console.out().println(ReshardJson.answer(answer));
        } else if (answer.getAccepted()) {
            progress.line("gw status shows how it gets on, gw reshard --cancel gives it up");
        }
        boolean refused = ReshardWords.never(answer) || !(answer.getAccepted() || dryRun);
        return (refused ? ExitCode.REFUSED : ExitCode.OK).number();
    }

    private int follow(
            FollowedSupervisor followed, Progress progress, Status before, ReshardResponse answer)
            throws UserError {
        // Ctrl-C ends the process by its shutdown hooks.
        Thread atExit = new Thread(this::leave, "gw-reshard-left");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            ReshardFollow.End end =
                    new ReshardFollow(
                                    followed,
                                    progress,
                                    console.zone(),
                                    Duration.ofSeconds(timeoutSeconds))
                            .run(before);
            return ended(end, answer, progress);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            console.remark(LEFT);
            return ExitCode.INTERNAL.number();
        } finally {
            var _ = Runtime.getRuntime().removeShutdownHook(atExit);
        }
    }

    private void leave() {
        if (console.terminal().live() && !json) {
            // The line that was rewritten ends here.
            console.out().println();
            console.out().flush();
        }
        console.remark(LEFT);
    }

    private int ended(ReshardFollow.End end, ReshardResponse answer, Progress progress)
            throws UserError {
        ReshardStatus reshard = end.status().getReshard();
        if (json) {
            console.out().println(ReshardJson.end(end, answer));
            return (end.done() ? ExitCode.OK : ExitCode.INTERNAL).number();
        }
        String counts =
                ReshardWords.counts(
                        answer.getPlan().getFromShardCount(), answer.getPlan().getToShardCount());
        if (!end.done()) {
            throw new UserError(
                    ExitCode.INTERNAL,
                    "the reshard was given up: " + counts + ": " + reshard.getLastOutcome(),
                    "The shards that served go on. gw status shows how they are; gw reshard tries"
                            + " again.");
        }
        progress.line("resharded: " + counts + " in " + Words.duration(end.millis()));
        progress.line(ReshardWords.figures(reshard));
        return ExitCode.OK.number();
    }
}
