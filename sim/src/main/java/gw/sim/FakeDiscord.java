package gw.sim;

import gw.sim.fault.Fault;
import gw.sim.fault.FaultSchedule;
import gw.sim.gateway.AbandonedSession;
import gw.sim.gateway.EventSource;
import gw.sim.gateway.Gateway;
import gw.sim.gateway.GatewayTimings;
import gw.sim.gateway.SimEvent;
import gw.sim.gateway.SimSettings;
import gw.sim.gateway.SimStats;
import gw.sim.ledger.Ledger;
import gw.sim.ledger.Violations;
import gw.sim.rest.AdminApi;
import gw.sim.rest.InteractionApi;
import gw.sim.rest.RestApi;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * A strict Discord on the loopback interface: REST, gateway, and an admin API for whoever runs it.
 * It counts what Discord would punish, and writes down every dispatch that it owes. All methods are
 * for any thread; the work is done on one event loop.
 */
public final class FakeDiscord implements AutoCloseable {
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final SimSettings settings;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Ledger ledger;
    private final Gateway gateway;
    private final FaultDesk faults;
    private final ListeningPort mainPort;
    private final ListeningPort resumePort;
    private volatile SimStats lastStats;

    private FakeDiscord(SimSettings settings, EventSource events, GatewayTimings timings)
            throws IOException {
        this.settings = settings;
        this.ledger = new Ledger(settings.ledgerEvents());
        Violations violations = new Violations();
        SimTransport transport = SimTransport.best();
        this.group = transport.group();
        this.loop = group.next();
        AtomicReference<FrontDoor.@Nullable House> house = new AtomicReference<>();
        try {
            this.mainPort = open(transport, settings.port(), house, false);
            this.resumePort = open(transport, 0, house, true);
        } catch (IOException e) {
            var _ = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw e;
        }
        this.gateway =
                onLoop(() ->
                        new Gateway(
                                settings,
                                timings,
                                loop,
                                events,
                                ledger,
                                violations,
                                "ws://127.0.0.1:" + resumePort.port(),
                                System::nanoTime));
        RestApi rest =
                new RestApi(
                        settings,
                        gateway,
                        violations,
                        new InteractionApi(gateway.interactions(), violations, System::nanoTime),
                        "ws://127.0.0.1:" + mainPort.port(),
                        System::nanoTime);
        DeadHost resumeHost = new DeadHost(loop);
        this.faults = new FaultDesk(loop, gateway, rest, mainPort, resumePort, resumeHost);
        AdminApi admin = new AdminApi(gateway, faults::inject, gateway::rate);
        this.lastStats = onLoop(gateway::stats);
        house.set(new FrontDoor.House(gateway, rest, admin, resumeHost));
    }

    private ListeningPort open(
            SimTransport transport,
            int port,
            AtomicReference<FrontDoor.@Nullable House> house,
            boolean resumeHost)
            throws IOException {
        return new ListeningPort(
                group,
                transport,
                port,
                channel -> {
                    FrontDoor.House behind = house.get();
                    if (behind == null) {
                        // Somebody who knew the port came before all was ready.
                        var _ = channel.close();
                    } else {
                        FrontDoor.install(channel, behind, resumeHost);
                    }
                });
    }

    /**
     * Starts on the loopback interface.
     *
     * @param settings whose port 0 means any free one
     * @param events makes what happens in the guilds; called on the sim's event loop
     * @throws IOException when the port is taken
     */
    public static FakeDiscord start(SimSettings settings, EventSource events) throws IOException {
        return start(settings, events, GatewayTimings.DISCORD);
    }

    /** Starts one that is more impatient, or less. */
    static FakeDiscord start(SimSettings settings, EventSource events, GatewayTimings timings)
            throws IOException {
        return new FakeDiscord(settings, events, timings);
    }

    /** Where REST is: {@code http://127.0.0.1:PORT/api}, without a version. */
    public URI apiUrl() {
        return URI.create("http://127.0.0.1:" + mainPort.port() + "/api");
    }

    /** What it was started with. */
    public SimSettings settings() {
        return settings;
    }

    /**
     * Sets how much happens in the guilds from now on, all together.
     *
     * @param eventsPerSecond 0 stops; infinity: as many as the sockets take
     * @throws IllegalArgumentException when it is negative or no number
     */
    public void rate(double eventsPerSecond) {
        if (!(eventsPerSecond >= 0)) {
            throw new IllegalArgumentException("rate: " + eventsPerSecond + " (expected: >= 0)");
        }
        run(() -> gateway.rate(eventsPerSecond));
    }

    /**
     * So many events, as fast as they are taken.
     *
     * @return done when all are dispatched into sessions; waits for sessions when there are none,
     *     and is cancelled by {@link #close()}
     */
    public CompletableFuture<Void> burst(int events) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (loop.isShuttingDown()) {
            done.cancel(false);
        } else {
            loop.execute(() -> gateway.burst(events, done));
        }
        return done;
    }

    /** One event of this guild; 0: one without a guild, for shard 0. Nothing without a session. */
    public void emit(long guildId) {
        run(() -> gateway.emit(guildId));
    }

    /** This very event. */
    public void emit(SimEvent event) {
        run(() -> gateway.emit(event));
    }

    /**
     * Does this now. Where a shard is needed the seed chooses one among the connected; when none is
     * connected nothing happens.
     */
    public void inject(Fault fault) {
        run(() -> {
            var _ = faults.inject(fault, OptionalInt.empty());
        });
    }

    /** The same to the newest connection of this shard, where a shard is needed. */
    public void inject(Fault fault, int shardId) {
        run(() -> {
            var _ = faults.inject(fault, OptionalInt.of(shardId));
        });
    }

    /** Runs this schedule from now on, instead of the one before. An empty one: no faults. */
    public void schedule(FaultSchedule schedule) {
        run(() -> faults.schedule(schedule));
    }

    /** Ids of all guilds, in ascending order. */
    public List<Long> guildIds() {
        return gateway.guildIds();
    }

    /**
     * The bot is added to so many new guilds; every session that owns one gets its GUILD_CREATE.
     *
     * @return their ids, in ascending order; none once closed
     * @throws IllegalArgumentException when there are less than 1
     */
    public List<Long> join(int guilds) {
        if (guilds < 1) {
            throw new IllegalArgumentException("guilds: " + guilds + " (expected: >= 1)");
        }
        return loop.isShuttingDown() ? List.of() : onLoop(() -> gateway.membership().join(guilds));
    }

    /**
     * The bot is removed from a guild: GUILD_DELETE. A guild that it is not in stays as it is.
     *
     * @return whether it was in it
     */
    public boolean leave(long guildId) {
        return !loop.isShuttingDown() && onLoop(() -> gateway.membership().leave(guildId));
    }

    /**
     * A guild goes out of service, GUILD_DELETE with {@code unavailable}, or comes back,
     * GUILD_CREATE. Meanwhile nothing happens in it, but for what is emitted by its id.
     *
     * @return whether that changed anything: false for a guild that the bot is not in, too
     */
    public boolean outage(long guildId, boolean begins) {
        return !loop.isShuttingDown() && onLoop(() -> gateway.membership().outage(guildId, begins));
    }

    /**
     * Sets what {@code /gateway/bot} recommends from now on.
     *
     * @throws IllegalArgumentException when there are less than 1
     */
    public void recommend(int shards) {
        if (shards < 1) {
            throw new IllegalArgumentException("shards: " + shards + " (expected: >= 1)");
        }
        if (!loop.isShuttingDown()) {
            var _ =
                    onLoop(() -> {
                        gateway.recommend(shards);
                        return shards;
                    });
        }
    }

    /** How it stands; after {@link #close()}, how it stood. */
    public SimStats stats() {
        if (!loop.isShuttingDown()) {
            lastStats = onLoop(gateway::stats);
        }
        return lastStats;
    }

    /**
     * Sessions that were left for new ones of their shard and count though it had not ended them
     * and nobody came back to them; empty once closed. One that is connected while the new one
     * identifies is not left: the two stand beside each other.
     */
    public List<AbandonedSession> abandoned() {
        return loop.isShuttingDown() ? List.of() : onLoop(gateway::abandoned);
    }

    /** What it sent. */
    public Ledger ledger() {
        return ledger;
    }

    private void run(Runnable task) {
        if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }

    private <T> T onLoop(Supplier<T> question) {
        return loop.inEventLoop()
                ? question.get()
                : CompletableFuture.supplyAsync(question, loop).join();
    }

    /** Ends all connections and gives the ports back. */
    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        lastStats =
                onLoop(() -> {
                    SimStats stats = gateway.stats();
                    faults.stop();
                    gateway.stop();
                    mainPort.close();
                    resumePort.close();
                    return stats;
                });
        var _ =
                group.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                        .awaitUninterruptibly(CLOSE_WITHIN.toMillis());
    }
}
