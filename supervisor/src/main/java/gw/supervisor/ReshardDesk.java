package gw.supervisor;

import gw.model.ShardRange;
import gw.proto.v1.ReshardPhase;
import gw.proto.v1.ReshardPlan;
import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.WorkerStatus;
import gw.supervisor.capacity.Counts;
import gw.supervisor.capacity.MachineMemory;
import gw.supervisor.capacity.MemoryBound;
import gw.supervisor.capacity.ReshardDecision;
import gw.supervisor.capacity.ReshardFacts;
import gw.supervisor.capacity.Room;
import gw.supervisor.capacity.SessionStarts;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.control.ControlRefusal;
import gw.supervisor.identify.IdentifySnapshot;
import gw.supervisor.plan.GatewayBot;
import gw.supervisor.plan.GenerationSpec;
import gw.supervisor.plan.ShardPlan;
import gw.supervisor.plan.ShardPlanner;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Decides whether and to what to reshard: by itself when the shards are nearly full, and when a
 * person orders it. Owned by the control thread, but for {@link #reshard} and {@link #cancel}.
 */
final class ReshardDesk {
    /** Who asks waits for five seconds. */
    private static final Duration DISCORD_WITHIN = Duration.ofMillis(3_500);

    /** After one that was given up; twice as long after each that follows it. */
    private static final Duration FIRST_PAUSE = Duration.ofHours(1);

    private static final int MOST_PAUSES = 5;
    private static final long LOOK_MILLIS = 500;

    private final SupervisorConfig config;
    private final ShardControl shards;
    private final Resharding resharding;
    private final Supplier<CompletableFuture<GuildCounts.Figures>> guilds;
    private final Supplier<CompletableFuture<GatewayBot>> discord;
    private final Consumer<String> say;
    private final ScheduledExecutorService control;
    private final InstantSource clock;

    private Instant nextCheck;
    private boolean checking;
    private int failures;
    private boolean automaticUnderWay;
    private String decision = "not looked at yet";

    /** What is to be, and its numbers. */
    private record Draft(GenerationSpec spec, ReshardPlan plan, MemoryBound memory, Room room) {}

    /**
     * Nothing is decided yet.
     *
     * @param guilds how full the shards of the serving generation are
     * @param discord asks {@code /gateway/bot}
     */
    ReshardDesk(
            SupervisorConfig config,
            ShardControl shards,
            Resharding resharding,
            Supplier<CompletableFuture<GuildCounts.Figures>> guilds,
            Supplier<CompletableFuture<GatewayBot>> discord,
            Consumer<String> say,
            ScheduledExecutorService control,
            InstantSource clock) {
        this.config = config;
        this.shards = shards;
        this.resharding = resharding;
        this.guilds = guilds;
        this.discord = discord;
        this.say = say;
        this.control = control;
        this.clock = clock;
        this.nextCheck = clock.instant().plus(config.reshard().check());
    }

    void start() {
        var _ =
                control.scheduleWithFixedDelay(
                        this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- by itself -------------------------------------------------------------------------

    private void look() {
        if (automaticUnderWay && !resharding.isUnderWay()) {
            automaticUnderWay = false;
            boolean done =
                    resharding.last().filter(outcome -> outcome.words().equals("done")).isPresent();
            failures = done ? 0 : Math.min(MOST_PAUSES, failures + 1);
            if (!done) {
                nextCheck = clock.instant().plus(FIRST_PAUSE.multipliedBy(1L << (failures - 1)));
            }
        }
        if (!config.reshard().automatic()
                || checking
                || resharding.isUnderWay()
                || clock.instant().isBefore(nextCheck)) {
            return;
        }
        nextCheck = clock.instant().plus(config.reshard().check());
        checking = true;
        var _ =
                guilds.get()
                        .thenAcceptAsync(this::check, control)
                        .whenCompleteAsync(
                                (_, failure) -> {
                                    checking = false;
                                    if (failure != null) {
                                        decision = "could not be decided: " + failure.getMessage();
                                    }
                                },
                                control);
    }

    private void check(GuildCounts.Figures figures) {
        // What Discord recommends matters only when they are full: it isn't asked for nothing.
        ReshardDecision first = decide(figures.counts(), serving().spec().shards().count(), 1);
        if (first instanceof ReshardDecision.Enough) {
            decision = first.words();
            return;
        }
        if (serving().spec().shards().size() < serving().spec().shards().count()) {
            decision =
                    first.words()
                            + ". This gw has a part of the shards: reshard it by hand, gw reshard"
                            + " --to --first --last";
            say.accept(decision);
            return;
        }
        var _ =
                discord.get()
                        .thenAcceptAsync(bot -> begin(figures.counts(), bot), control)
                        .exceptionallyAsync(
                                failure -> {
                                    decision =
                                            "Discord could not be asked for its recommendation: "
                                                    + words(failure);
                                    return null;
                                },
                                control);
    }

    private void begin(Counts counts, GatewayBot bot) {
        ReshardDecision decided = decide(counts, bot.shards(), bot.limit().maxConcurrency());
        decision = decided.words();
        if (resharding.isUnderWay() || !(decided instanceof ReshardDecision.Reshard(int to, _))) {
            return;
        }
        Draft draft =
                draft(
                        new ShardRange(0, to - 1, to),
                        serving().spec().intents(),
                        bot.url().toString());
        if (!draft.memory().fits()) {
            decision += ". It is not begun: " + draft.memory().words();
            say.accept(decision);
            return;
        }
        if (draft.room() instanceof Room.Never never) {
            decision += ". It is not begun: " + never.words();
            say.accept(decision);
            return;
        }
        if (draft.room() instanceof Room.NotBefore later) {
            decision += ". It waits: " + later.words();
        }
        automaticUnderWay = true;
        resharding.order(new ReshardOrder(draft.spec(), false, false, decision));
    }

    private ReshardDecision decide(Counts counts, int recommended, int maxConcurrency) {
        return ReshardDecision.of(facts(counts, recommended, maxConcurrency));
    }

    private ReshardFacts facts(Counts counts, int recommended, int maxConcurrency) {
        return new ReshardFacts(
                serving().spec().shards(),
                counts,
                config.reshard().percentage(),
                recommended,
                maxConcurrency);
    }

    private Generation serving() {
        return shards.generations().serving();
    }

    // ---- by order --------------------------------------------------------------------------

    /** Begins one, or only answers what it would be. Any thread. */
    CompletableFuture<ReshardResponse> reshard(ReshardRequest request) {
        CompletableFuture<Optional<GatewayBot>> asked =
                discord.get()
                        .thenApply(Optional::of)
                        .completeOnTimeout(
                                Optional.empty(), DISCORD_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                        .exceptionally(_ -> Optional.empty());
        return asked.thenCombineAsync(
                guilds.get(), (bot, figures) -> order(request, bot, figures.counts()), control);
    }

    private ReshardResponse order(ReshardRequest request, Optional<GatewayBot> bot, Counts counts) {
        refuseWhile(shards.stopping() || shards.handingOver(), "the supervisor is ending");
        refuseWhile(
                resharding.isUnderWay(),
                "a reshard is under way already: gw status shows it, gw reshard --cancel gives it"
                        + " up");
        refuseWhile(
                bot.isEmpty() && request.getShardCount() == 0,
                "Discord did not say how many shards it recommends: try again, or say it with"
                        + " --to");
        ShardRange range = range(request, bot, counts);
        long intents = request.hasIntents() ? request.getIntents() : serving().spec().intents();
        Draft draft =
                draft(
                        range,
                        intents,
                        bot.map(one -> one.url().toString())
                                .orElseGet(() -> serving().spec().gatewayUrl()));
        long needed = fewest(counts);
        refuseWhile(
                range.count() < needed,
                range.count()
                        + " shards are too few for the bot's guilds: Discord takes "
                        + Counts.MOST_GUILDS
                        + " a shard, so that it must be at least "
                        + needed);
        boolean dry = request.getDryRun();
        if (!request.getNow() && !dry) {
            refuseWhile(
                    !draft.memory().fits(),
                    draft.memory().words() + ". With --now it is done all the same");
            refuseWhile(
                    draft.room() instanceof Room.Never,
                    draft.room().words() + ". With --now it is done all the same");
        }
        String reason = "ordered by hand: " + draft.room().words() + "; " + draft.memory().words();
        if (!dry) {
            resharding.order(new ReshardOrder(draft.spec(), true, request.getNow(), reason));
        }
        long waits =
                request.getNow()
                        ? 0
                        : switch (draft.room()) {
                            case Room.Now _ -> 0;
                            case Room.NotBefore later -> later.instant().toEpochMilli();
                            case Room.Never _ -> -1;
                        };
        return ReshardResponse.newBuilder()
                .setPlan(draft.plan())
                .setAccepted(!dry)
                .setWaitsUntilMs(waits)
                .setReason(reason)
                .build();
    }

    private ShardRange range(ReshardRequest request, Optional<GatewayBot> bot, Counts counts) {
        ShardRange now = serving().spec().shards();
        int to =
                request.getShardCount() != 0
                        ? request.getShardCount()
                        : ReshardDecision.target(
                                facts(
                                        counts,
                                        bot.map(GatewayBot::shards).orElse(now.count()),
                                        bot.map(one -> one.limit().maxConcurrency()).orElse(1)));
        if (request.hasFirstShard()) {
            refuseWhile(
                    request.getLastShard() >= to,
                    "the shards "
                            + request.getFirstShard()
                            + ".."
                            + request.getLastShard()
                            + " don't fit into a count of "
                            + to);
            return new ShardRange(request.getFirstShard(), request.getLastShard(), to);
        }
        refuseWhile(
                now.size() < now.count(),
                "this gw has a part of the shards ("
                        + now
                        + "): say which part of the new ones it is to have, with --first and"
                        + " --last");
        return new ShardRange(0, to - 1, to);
    }

    /** With fewer Discord would refuse some. */
    private long fewest(Counts counts) {
        int now = serving().spec().shards().count();
        int known = Math.max(1, counts.shards());
        long all = Math.ceilDiv(counts.total() * now, known);
        return Math.max(1, Math.ceilDiv(all, Counts.MOST_GUILDS));
    }

    private Draft draft(ShardRange range, long intents, String gatewayUrl) {
        Generation from = serving();
        ShardPlan cut = ShardPlanner.cut(range, config.shardsPerCluster(), config.maxClusters(), 0);
        int workers = cut.clusters().size();
        GenerationSpec spec =
                new GenerationSpec(
                        from.spec().number() + 1,
                        range,
                        GenerationMaker.firstWorker(from.plan(), workers),
                        intents,
                        gatewayUrl);
        IdentifySnapshot limit = shards.tokens().snapshot();
        Room room =
                Room.of(
                        range.size(),
                        limit.reserve(),
                        new SessionStarts(
                                limit.total(),
                                Math.clamp(limit.remaining(), 0, limit.total()),
                                limit.resetsAt()),
                        clock.instant());
        long[] living =
                shards.fleet().statuses().stream().mapToLong(WorkerStatus::getRssBytes).toArray();
        MemoryBound memory =
                MemoryBound.of(
                        workers, range.size(), living, MachineMemory.read(MachineMemory.MEMINFO));
        ReshardPlan plan =
                ReshardPlan.newBuilder()
                        .setFromShardCount(from.spec().shards().count())
                        .setToShardCount(range.count())
                        .setFirstShard(range.first())
                        .setLastShard(range.last())
                        .setWorkers(workers)
                        .setIdentifies(range.size())
                        .setIdentifiesLeft(Math.max(0, limit.remaining()))
                        .setReserve(limit.reserve())
                        .setIdentifyMs(
                                limit.interval()
                                        .multipliedBy(
                                                Math.ceilDiv(
                                                        range.size(),
                                                        Math.max(1, limit.maxConcurrency())))
                                        .toMillis())
                        .setOverlapMs(config.reshard().overlap().toMillis())
                        .setMemoryNeededBytes(memory.neededBytes())
                        .setMemoryFreeBytes(memory.free().orElse(0))
                        .setFromIntents(from.spec().intents())
                        .setToIntents(intents)
                        .build();
        return new Draft(spec, plan, memory, room);
    }

    /** Gives up the one that is under way. Any thread. */
    CompletableFuture<Void> cancel() {
        return CompletableFuture.runAsync(
                () -> {
                    refuseWhile(
                            shards.stopping() || shards.handingOver(), "the supervisor is ending");
                    refuseWhile(!resharding.isUnderWay(), "no reshard is under way");
                    refuseWhile(
                            !resharding.cancel("cancelled"),
                            resharding.phase() == ReshardPhase.RESHARD_PHASE_SETTLING
                                    ? "it is too late: the new shards serve"
                                    : "it is too late: the old shards' sessions are being ended");
                },
                control);
    }

    private static void refuseWhile(boolean reason, String words) {
        if (reason) {
            throw new ControlRefusal(ControlRefusal.Kind.NOT_NOW, words);
        }
    }

    private static String words(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return String.valueOf(cause.getMessage());
    }

    // ---- how it stands ---------------------------------------------------------------------

    String decision() {
        return decision;
    }

    Instant nextCheck() {
        return nextCheck;
    }

    /** The numbers of the one that is under way. */
    Optional<ReshardPlan> plan() {
        return resharding
                .coming()
                .map(coming -> coming.spec())
                .or(() -> resharding.waiting().map(ReshardOrder::spec))
                .map(spec -> draft(spec.shards(), spec.intents(), spec.gatewayUrl()).plan())
                .map(this::spansTheSwitch);
    }

    /** From where it began, when the new shards serve already. */
    private ReshardPlan spansTheSwitch(ReshardPlan plan) {
        return resharding.phase() == ReshardPhase.RESHARD_PHASE_SETTLING
                ? resharding
                        .last()
                        .map(last -> plan.toBuilder().setFromShardCount(last.fromCount()).build())
                        .orElse(plan)
                : plan;
    }
}
