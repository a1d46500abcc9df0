package gw.supervisor;

import gw.proto.v1.ReshardRequest;
import gw.proto.v1.ReshardResponse;
import gw.proto.v1.ShardStatus;
import gw.proto.v1.Status;
import gw.supervisor.capacity.Capacity;
import gw.supervisor.config.ControlAddress;
import gw.supervisor.config.SupervisorConfig;
import gw.supervisor.control.ControlHandler;
import gw.supervisor.control.ControlRefusal;
import gw.supervisor.control.ControlServer;
import gw.supervisor.delivery.DeadLetters;
import gw.supervisor.delivery.DeliveryLoop;
import gw.supervisor.delivery.DeliverySettings;
import gw.supervisor.delivery.DeliveryStats;
import gw.supervisor.delivery.http.HttpSink;
import gw.supervisor.delivery.http.HttpSinkSettings;
import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;
import gw.supervisor.fleet.FleetSettings;
import gw.supervisor.interactions.DeferStats;
import gw.supervisor.link.LinkServer;
import gw.supervisor.log.LogLimits;
import gw.supervisor.log.SegmentLog;
import gw.supervisor.log.ShadowLog;
import gw.supervisor.plan.GatewayBot;
import gw.supervisor.plan.GatewayBotClient;
import gw.supervisor.plan.Generations;
import gw.supervisor.plan.Generations.Coming;
import gw.supervisor.plan.GenerationsFile;
import gw.supervisor.reshard.Overlap;
import gw.supervisor.reshard.Side;
import gw.supervisor.shards.FatalClose;
import gw.supervisor.state.StateDirectory;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The supervisor, composed by hand: workers, identify tokens, log, delivery, control API. All
 * public methods are for any thread.
 */
public final class Supervisor implements ControlHandler {
    private static final Duration ATTACH_LIMIT = Duration.ofSeconds(30);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final long SAMPLE_MILLIS = 1_000;
    private static final long TICK_MILLIS = 1_000;
    private static final long OFTEN_MILLIS = 200;

    /** The queue of a trial: no bot's name. */
    private static final String TRIAL = "trial";

    private static final long COUNT_WITHIN_SECONDS = 2;
    private final GenerationsFile generationsFile;
    private final boolean remembered;
    private final DiscordsWord word;
    private final List<String> notices = new ArrayList<>();
    private final Orders orders;
    private final ScheduledExecutorService control;
    private final EventLoopGroup group;
    private final DeadLetters deadLetters;
    private final SegmentLog log;
    private final EventLoop loop;
    private final Overlap overlap;
    private final DataPath dataPath;
    private final Resharding resharding;
    private final ReshardDesk desk;
    private final GuildCounts guilds;
    private final int reshardPercentage;
    private final InteractionPath interactions;
    private final DeliveryLoop delivery;
    private final LinkServer linkServer;
    private final TokenSource tokens;
    private final ShardControl shards;
    private final StatusReport report;
    private final ControlServer controlServer;
    private final WayOut way;

    /**
     * How it ended.
     *
     * @param undelivered events that were taken from Discord and did not reach the bot
     * @param handOver whether the workers go on: this process is to be replaced by the next
     *     supervisor at once
     * @param sessionsKept whether the sessions can be resumed
     */
    public record Ending(long undelivered, boolean handOver, boolean sessionsKept) {}

    /**
     * What Discord and the user decided before anything starts.
     *
     * @param beginning Discord's word and the plan
     * @param version of this build, for people
     * @param trial whether Discord is a fake one that ends with this process: it needs no telling
     *     that the sessions do
     * @param irreplaceable says why this process can't be replaced by another build; empty: it can
     * @param beforeStop runs once before the workers are told to leave; bounded by itself
     */
    public record Orders(
            Beginning beginning,
            String version,
            boolean trial,
            Supplier<Optional<String>> irreplaceable,
            Consumer<Supervisor> beforeStop) {}

    /**
     * Starts everything.
     *
     * @param state opened, and closed by the caller after the end
     * @param discord asked again when the session start limit is reset
     * @throws UserError when a socket or file can't be had
     */
    public static Supervisor start(
            SupervisorConfig config, StateDirectory state, GatewayBotClient discord, Orders orders)
            throws UserError, InterruptedException {
        try {
            Supervisor supervisor = new Supervisor(config, state, discord, orders);
            supervisor.begin();
            return supervisor;
        } catch (IOException e) {
            throw new UserError(
                    ExitCode.IN_USE,
                    "the workers' socket " + state.linkSocket() + ": " + e.getMessage(),
                    "Choose another --state-dir.",
                    e);
        }
    }

    private Supervisor(
            SupervisorConfig config, StateDirectory state, GatewayBotClient discord, Orders orders)
            throws IOException, UserError, InterruptedException {
        Beginning beginning = orders.beginning();
        GatewayBot bot = beginning.bot();
        this.remembered = beginning.remembered();
        this.word = new DiscordsWord(discord, bot, Beginning.cache(config, state));
        this.orders = orders;
        InstantSource clock = InstantSource.system();
        SplittableRandom random = new SplittableRandom();
        control = new ControlThread(Supervisor::unexpected);
        boolean epoll = Epoll.isAvailable();
        group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("gw-data", true),
                        epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        loop = group.next();
        LogLimits limits = LogLimits.of(config.queue().maxBytes(), config.queue().maxEvents());
        interactions =
                InteractionPath.of(config, orders.version(), loop, clock, state.deferredFile());
        String name = BotId.orHash(config.token());
        Path queue = state.logDirectory(orders.trial() ? TRIAL : name);
        if (orders.trial()) {
            // What is left of the trial before is another fake Discord's, and of no use to this
            // one's.
            LogOpening.discard(queue);
        }
        notices.addAll(LogOpening.others(queue));
        guilds =
                new GuildCounts(
                        Capacity.open(
                                state.guildsFile(name),
                                name,
                                clock,
                                control,
                                System::nanoTime,
                                line -> System.err.println("gw: " + line)),
                        System::nanoTime);
        LogWatchers watchers =
                new LogWatchers(
                        interactions.watcher(), guilds, beginning.generations().serving().number());
        log = LogOpening.open(queue, config.queue(), clock, loop, watchers);
        Class<? extends SocketChannel> tcp =
                epoll ? EpollSocketChannel.class : NioSocketChannel.class;
        deadLetters =
                new DeadLetters(state.deadLetterFile(), DeadLetters.DEFAULT_MAX_FILE_BYTES, clock);
        HttpSink sink =
                new HttpSink(
                        loop,
                        new ReflectiveChannelFactory<>(tcp),
                        new HttpSinkSettings(
                                config.url(),
                                config.secret(),
                                config.deliveryTimeout(),
                                CONNECT_TIMEOUT,
                                "gw/" + orders.version(),
                                config.batches().on()),
                        clock,
                        System::nanoTime,
                        interactions.deferrals());
        delivery =
                new DeliveryLoop(
                        loop,
                        log,
                        sink,
                        deadLetters,
                        DeliverySettings.of(config.deliveryConcurrency(), config.batches(), limits),
                        clock,
                        random.split(),
                        interactions.deferrals());
        generationsFile = Beginning.generationsFile(config, state);
        Path shadowFile = state.shadowLogFile(name);
        Generations generations = beginning.generations();
        GenerationMaker maker =
                new GenerationMaker(
                        config,
                        // The data event loop never waits for the control thread, so this may.
                        (shardId, session) ->
                                CompletableFuture.supplyAsync(
                                                () -> lastSequence(shardId, session), loop)
                                        .join(),
                        clock);
        Generation serving = maker.make(generations.serving(), log.sessions(), notices::add);
        reshardPercentage = config.reshard().percentage();
        overlap =
                new Overlap(
                        log,
                        GenerationMaker.side(serving),
                        guilds,
                        config.reshard().startEvents(),
                        config.queue().maxBytes(),
                        clock,
                        line -> System.err.println("gw: reshard: " + line));
        watchers.decides(overlap);
        tokens =
                new TokenSource(
                        config,
                        state,
                        bot.limit(),
                        control,
                        clock,
                        System::nanoTime,
                        random.split());
        shards =
                new ShardControl(
                        serving,
                        new FleetSettings(
                                state.linkSocket(),
                                state.workersDirectory(),
                                config.workerTimeout(),
                                ATTACH_LIMIT,
                                LEAVE_LIMIT,
                                config.maxMessageBytes(),
                                config.workerHeapMegabytes(),
                                config.orphanTimeout()),
                        tokens::tokens,
                        this::askForFreshLimit,
                        control,
                        clock,
                        System::nanoTime,
                        random.split());
        dataPath = new DataPath(log, overlap, delivery, control, shards);
        resharding =
                new Resharding(
                        shards,
                        overlap,
                        dataPath,
                        maker,
                        generationsFile,
                        shadowFile,
                        generations,
                        config.reshard().overlap(),
                        config.reshard().timeout(),
                        this::askForFreshLimit,
                        line -> System.err.println("gw: " + line),
                        control,
                        loop,
                        clock,
                        System::nanoTime);
        desk =
                new ReshardDesk(
                        config,
                        shards,
                        resharding,
                        this::guilds,
                        word::fetch,
                        line -> System.err.println("gw: " + line),
                        control,
                        clock);
        report =
                new StatusReport(
                        config,
                        shards,
                        new ReshardReport(config, shards, resharding, desk),
                        orders.version(),
                        state.path(),
                        state.deadLetterFile(),
                        sink.target(),
                        clock,
                        System::nanoTime);
        goOn(config, shadowFile, generations);
        List<Generation> all = onControl(() -> shards.generations().all()).join();
        CompletableFuture.runAsync(() -> guilds.keep(all), loop).join();
        notices.addAll(onControl(shards::takeOver).join());
        linkServer = LinkServer.start(group, loop, state.linkSocket(), dataPath, System::nanoTime);
        ControlAddress address =
                config.control().orElseGet(() -> new ControlAddress.Unix(state.controlSocket()));
        controlServer = ControlServer.start(address, this, List.of(tokens.service()));
        way = wayOut(queue);
    }

    /** What the process before this one had begun; or nothing of what it may have left. */
    private void goOn(SupervisorConfig config, Path left, Generations generations)
            throws IOException {
        if (generationsFile
                .read(notices::add)
                .filter(before -> !before.equals(generations))
                .isPresent()) {
            // The configuration is another one now.
            generationsFile.write(generations);
        }
        // What a trial has left is another fake Discord's.
        boolean over = orders.trial() || !ShadowLog.isSwitched(left);
        if (generations.coming().isEmpty() && over) {
            var _ = Files.deleteIfExists(left);
            return;
        }
        try {
            CompletableFuture.runAsync(() -> readAgain(config, left, generations), loop).join();
        } catch (CompletionException e) {
            throw new IOException(left + ": " + e.getCause(), e);
        }
        onControl(
                        () -> {
                            resharding.goOn();
                            return 0;
                        })
                .join();
    }

    private void readAgain(SupervisorConfig config, Path left, Generations generations) {
        try {
            if (generations.coming().isEmpty()) {
                overlap.goOnSettling(left);
                return;
            }
            Coming coming = generations.coming().get();
            int workers = Beginning.plan(config, coming.spec()).clusters().size();
            Side side = GenerationMaker.side(coming.spec(), workers);
            if (coming.isSwitching()) {
                overlap.goOn(side, left);
            } else {
                overlap.prepare(side, left);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OptionalLong lastSequence(int shardId, String session) {
        OptionalLong kept = log.lastSequence(shardId, session);
        OptionalLong apart = overlap.lastSequence(shardId, session);
        if (kept.isEmpty() || apart.isEmpty()) {
            return kept.isPresent() ? kept : apart;
        }
        return OptionalLong.of(Math.max(kept.getAsLong(), apart.getAsLong()));
    }

    private WayOut wayOut(Path queue) {
        return new WayOut(
                () -> orders.beforeStop().accept(this),
                orders.trial() ? Optional.of(queue) : Optional.empty(),
                shards,
                delivery,
                interactions,
                this::sessionsOver,
                this::saveGuilds,
                List.of(tokens, controlServer, linkServer),
                log,
                deadLetters,
                control,
                loop);
    }

    private void begin() {
        control.execute(() -> {
            resharding.start();
            desk.start();
            shards.start();
        });
        var _ =
                loop.scheduleWithFixedDelay(
                        dataPath::tickOften, OFTEN_MILLIS, OFTEN_MILLIS, TimeUnit.MILLISECONDS);
        if (remembered) {
            askForFreshLimit();
        } else {
            word.remember();
        }
        var _ =
                loop.scheduleWithFixedDelay(
                        () -> {
                            dataPath.tick();
                            guilds.tick(overlap.current().generation(), overlap.current().shards());
                        },
                        TICK_MILLIS,
                        TICK_MILLIS,
                        TimeUnit.MILLISECONDS);
        var _ =
                control.scheduleWithFixedDelay(
                        () -> {
                            var _ = delivery.stats().thenAcceptAsync(report::sample, control);
                        },
                        0,
                        SAMPLE_MILLIS,
                        TimeUnit.MILLISECONDS);
    }

    private void saveGuilds() {
        CompletableFuture<Void> saved = new CompletableFuture<>();
        loop.execute(() -> {
            var _ = guilds.save().thenRun(() -> saved.complete(null));
        });
        saved.completeOnTimeout(null, COUNT_WITHIN_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Discord has ended all sessions: nothing of them is of use any more. */
    private void sessionsOver() {
        word.forget();
        onControl(
                        () -> {
                            resharding.sessionsEnd();
                            return 0;
                        })
                .join();
    }

    private void askForFreshLimit() {
        word.ask(fresh -> control.execute(() -> shards.tokens().limit(fresh)));
    }

    /** What there is to say about what was found at the start, line by line. */
    public List<String> notices() {
        return List.copyOf(notices);
    }

    /** Where the control API listens. */
    public String controlAddress() {
        return controlServer.address();
    }

    /** Done when Discord has refused this bot for good and nothing is left that could go on. */
    public CompletableFuture<FatalClose> hopeless() {
        return shards.hopeless();
    }

    /** Done when everything has stopped. */
    public CompletableFuture<Ending> ended() {
        return way.ended();
    }

    @Override
    public CompletableFuture<Status> status() {
        return delivery.stats()
                .thenCombine(interactions.stats(), Figures::new)
                .thenCombineAsync(
                        guilds(),
                        (figures, counts) ->
                                report.status(figures.delivery(), figures.interactions(), counts),
                        control);
    }

    private record Figures(DeliveryStats delivery, DeferStats interactions) {}

    private CompletableFuture<GuildCounts.Figures> guilds() {
        return CompletableFuture.supplyAsync(
                () -> guilds.figures(overlap.current().generation(), reshardPercentage), loop);
    }

    @Override
    public CompletableFuture<Void> restartShard(int shardId, boolean fresh) {
        return onControl(() -> {
            shards.restartShard(shardId, fresh);
            return null;
        });
    }

    @Override
    public CompletableFuture<Long> restartWorker(int worker) {
        return onControl(() -> shards.restartWorker(worker));
    }

    @Override
    public CompletableFuture<Stopping> stop(boolean keepSessions) {
        CompletableFuture<Stopping> told =
                status().completeOnTimeout(
                                Status.getDefaultInstance(), COUNT_WITHIN_SECONDS, TimeUnit.SECONDS)
                        .thenApply(this::stopping);
        end(keepSessions || orders.trial());
        return told;
    }

    private Stopping stopping(Status status) {
        return new Stopping(
                ProcessHandle.current().pid(),
                status.getWorkersCount(),
                status.getShardsCount(),
                (int) status.getShardsList().stream().filter(ShardStatus::hasSession).count(),
                status.getDelivery().getQueuedEvents());
    }

    /**
     * Begins to stop: workers leave, what came last is delivered, all is closed. A second call does
     * nothing.
     *
     * @param keepSessions whether the next start is to resume the sessions; else Discord ends them
     */
    public void end(boolean keepSessions) {
        way.stop(keepSessions);
    }

    /** Begins to make way for the next supervisor; the workers are told nothing and go on. */
    @Override
    public CompletableFuture<Upgrading> upgrade() {
        Optional<String> refusal =
                orders.irreplaceable()
                        .get()
                        .or(() ->
                                way.handOver()
                                        ? Optional.empty()
                                        : Optional.of("the supervisor is ending already"));
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(
                    new ControlRefusal(ControlRefusal.Kind.NOT_NOW, refusal.get()));
        }
        return CompletableFuture.completedFuture(
                new Upgrading(
                        ProcessHandle.current().pid(), report.startedAtMillis(), orders.version()));
    }

    @Override
    public CompletableFuture<ReshardResponse> reshard(ReshardRequest request) {
        return desk.reshard(request);
    }

    @Override
    public CompletableFuture<Void> cancelReshard() {
        return desk.cancel();
    }

    static void unexpected(Throwable failure) {
        System.err.println("gw: unexpected, please report it: " + failure);
        failure.printStackTrace(System.err);
    }

    private <T> CompletableFuture<T> onControl(Callable<T> task) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        control.execute(() -> {
            try {
                answer.complete(task.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }
}
