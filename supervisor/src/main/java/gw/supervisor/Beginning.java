package gw.supervisor;

import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.exit.UserError;
import gw.supervisor.fleet.Survivors;
import gw.supervisor.log.ShadowLog;
import gw.supervisor.plan.GatewayBot;
import gw.supervisor.plan.GatewayBotClient;
import gw.supervisor.plan.GenerationSpec;
import gw.supervisor.plan.Generations;
import gw.supervisor.plan.Generations.Wanted;
import gw.supervisor.plan.GenerationsFile;
import gw.supervisor.plan.PlanCache;
import gw.supervisor.plan.ShardPlan;
import gw.supervisor.plan.ShardPlanner;
import gw.supervisor.state.SmallFile;
import gw.supervisor.state.StateDirectory;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * With what a supervisor begins: Discord's word, and the plan that follows from it. Where workers
 * of a supervisor before hold shards that fit, or sessions may live, their count is kept whatever
 * Discord recommends now, and what it said last is enough: they wait for their supervisor, not for
 * Discord.
 *
 * @param bot what {@code /gateway/bot} said
 * @param plan which shards, cut into clusters
 * @param generations the generation that serves, and the one that was to follow it
 * @param kept whether they were decided before; else by this plan
 * @param remembered whether Discord said it to a supervisor before and has not been asked since
 * @param shardsHeld how many of the plan's shards living workers hold, or will resume for all that
 *     is known
 */
public record Beginning(
        GatewayBot bot,
        ShardPlan plan,
        Generations generations,
        boolean kept,
        boolean remembered,
        int shardsHeld) {
    private static final Duration SESSIONS_LIVE = Duration.ofHours(1);

    /**
     * Decides it; asks Discord where it has to.
     *
     * @param state opened
     * @param trial whether Discord is a fake one that ends with this process
     * @throws UserError when Discord refuses, can't be reached though waiting was not wanted, or
     *     the wanted shards are none
     */
    public static Beginning of(
            SupervisorConfig config, StateDirectory state, GatewayBotClient discord, boolean trial)
            throws UserError, InterruptedException {
        if (trial) {
            // What is left of the trial before is another fake Discord's.
            return of(config, state, discord, Optional.empty());
        }
        // What is wrong with the files is said by those who read them again.
        Optional<Generations> found =
                generationsFile(config, state)
                        .read(_ -> {})
                        .map(each -> asItIs(each, config, state));
        Beginning beginning = of(config, state, discord, found.flatMap(each -> fit(each, config)));
        return beginning.kept() || found.isEmpty() || found.get().last().isEmpty()
                ? beginning
                : beginning.with(beginning.generations().ended(found.get().last().get()));
    }

    /**
     * What the process before this one could not write any more: that the switch was done; and the
     * workers' numbers, where the shards are cut otherwise now.
     */
    private static Generations asItIs(
            Generations found, SupervisorConfig config, StateDirectory state) {
        if (found.coming().isEmpty()) {
            return found;
        }
        Path apart = state.shadowLogFile(BotId.orHash(config.token()));
        if (found.coming().get().isSwitching() && ShadowLog.isSwitched(apart)) {
            return found.switched();
        }
        ShardPlan serving = plan(config, found.serving());
        ShardPlan coming = plan(config, found.coming().get().spec());
        boolean apartFromEachOther =
                serving.clusters().stream().noneMatch(one -> coming.hasWorker(one.index()));
        return apartFromEachOther
                ? found
                : found.renumbered(GenerationMaker.firstWorker(serving, coming.clusters().size()));
    }

    private Beginning with(Generations others) {
        return new Beginning(bot, plan, others, kept, remembered, shardsHeld);
    }

    /**
     * What was decided before, as far as it fits the configuration of now: the shards that it asks
     * for have to be what they were, or it counts; and so do intents.
     */
    private static Optional<Generations> fit(Generations found, SupervisorConfig config) {
        Wanted now = wanted(config);
        Wanted then = found.wanted();
        if (found.coming().filter(Generations.Coming::isSwitching).isPresent()) {
            // What was taken from Discord for the new ones is nowhere else.
            return Optional.of(found);
        }
        if ((found.serving().number() == 0 && found.coming().isEmpty())
                || !new Wanted(then.maxShards(), then.first(), then.last(), now.intents())
                        .equals(now)) {
            return Optional.empty();
        }
        return Optional.of(
                then.intents() == now.intents() ? found : found.withIntents(now.intents()));
    }

    private static Beginning of(
            SupervisorConfig config,
            StateDirectory state,
            GatewayBotClient discord,
            Optional<Generations> decided)
            throws UserError, InterruptedException {
        Survivors survivors = Survivors.in(state.workersDirectory(), _ -> {});
        Optional<GatewayBot> last = cache(config, state).read();
        if (decided.isPresent()) {
            return withGenerations(config, state, discord, survivors, last, decided.get());
        }
        if (last.isPresent()) {
            Optional<Beginning> going = withSurvivors(config, state, survivors, last.get(), true);
            if (going.isPresent()) {
                return going.get();
            }
        }
        if (last.isPresent()
                && config.maxShards().orElse(last.get().shards()) == last.get().shards()
                && sessionsMayLive(config, state)) {
            // A session belongs to its count: another one would spend an identify for each. And
            // what can be resumed doesn't have to wait for Discord's REST API.
            ShardPlan plan = plan(config, last.get());
            return fresh(config, last.get(), plan, true, plan.shards().size());
        }
        GatewayBot now = discord.fetch();
        Optional<Beginning> going = withSurvivors(config, state, survivors, now, false);
        return going.isPresent() ? going.get() : fresh(config, now, plan(config, now), false, 0);
    }

    /** The first generation. */
    private static Beginning fresh(
            SupervisorConfig config, GatewayBot bot, ShardPlan plan, boolean remembered, int held) {
        return new Beginning(
                bot,
                plan,
                new Generations(
                        first(config, bot, plan),
                        Optional.empty(),
                        wanted(config),
                        Optional.empty()),
                false,
                remembered,
                held);
    }

    private static GenerationSpec first(SupervisorConfig config, GatewayBot bot, ShardPlan plan) {
        return new GenerationSpec(
                0, plan.shards(), plan.firstWorker(), config.intents(), bot.url().toString());
    }

    /** A reshard has decided before what serves. */
    private static Beginning withGenerations(
            SupervisorConfig config,
            StateDirectory state,
            GatewayBotClient discord,
            Survivors survivors,
            Optional<GatewayBot> last,
            Generations decided)
            throws UserError, InterruptedException {
        GenerationSpec spec = decided.serving();
        ShardPlan plan = plan(config, spec);
        int held =
                sessionsMayLive(config, state)
                        ? plan.shards().size()
                        : survivors.shardsHeld(
                                plan, new WorkerConfigs(config, spec).digest(), state.linkSocket());
        boolean remembered = last.isPresent() && held > 0;
        GatewayBot bot = remembered ? last.get() : discord.fetch();
        // A cold start goes where Discord wants it now.
        Generations now = remembered ? decided : decided.at(bot.url().toString());
        return new Beginning(
                bot.withShards(spec.shards().count()), plan, now, true, remembered, held);
    }

    static ShardPlan plan(SupervisorConfig config, GenerationSpec spec) {
        return ShardPlanner.cut(
                spec.shards(), config.shardsPerCluster(), config.maxClusters(), spec.firstWorker());
    }

    static Wanted wanted(SupervisorConfig config) {
        return new Wanted(
                config.maxShards(), config.firstShard(), config.lastShard(), config.intents());
    }

    static GenerationsFile generationsFile(SupervisorConfig config, StateDirectory state) {
        return new GenerationsFile(
                new SmallFile(state.generationsFile(BotId.orHash(config.token()))),
                BotId.orHash(config.token()));
    }

    /**
     * Whether a supervisor of this bot wrote events lately: Discord forgets sessions within
     * minutes.
     */
    private static boolean sessionsMayLive(SupervisorConfig config, StateDirectory state) {
        Instant recently = Instant.now().minus(SESSIONS_LIVE);
        try (Stream<Path> files = Files.list(state.logDirectory(BotId.orHash(config.token())))) {
            return files.map(Path::toFile).mapToLong(File::lastModified).max().orElse(0)
                    > recently.toEpochMilli();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The plan for what the user wants and Discord recommends.
     *
     * @throws UserError when the wanted shards are none
     */
    public static ShardPlan plan(SupervisorConfig config, GatewayBot bot) throws UserError {
        return ShardPlanner.plan(
                config.maxShards(),
                config.firstShard(),
                config.lastShard(),
                config.shardsPerCluster(),
                config.maxClusters(),
                bot.shards());
    }

    static PlanCache cache(SupervisorConfig config, StateDirectory state) {
        return new PlanCache(
                new SmallFile(state.planFile()),
                BotId.of(config.token()),
                config.apiUrl(),
                InstantSource.system());
    }

    private static Optional<Beginning> withSurvivors(
            SupervisorConfig config,
            StateDirectory state,
            Survivors survivors,
            GatewayBot said,
            boolean remembered) {
        OptionalInt count = survivors.shardCount();
        if (count.isEmpty()) {
            return Optional.empty();
        }
        GatewayBot bot = said.withShards(count.getAsInt());
        ShardPlan plan;
        try {
            plan = plan(config, bot);
        } catch (UserError e) {
            // Not with their count; perhaps with what Discord says now.
            return Optional.empty();
        }
        WorkerConfigs configs = new WorkerConfigs(config, first(config, bot, plan));
        int held = survivors.shardsHeld(plan, configs.digest(), state.linkSocket());
        return held == 0
                ? Optional.empty()
                : Optional.of(fresh(config, bot, plan, remembered, held));
    }
}
