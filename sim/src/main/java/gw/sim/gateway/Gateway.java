package gw.sim.gateway;

import gw.sim.fault.Fault;
import gw.sim.interaction.Interactions;
import gw.sim.ledger.Ledger;
import gw.sim.ledger.Violations;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpRequest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** The gateway: connections, sessions, and what happens in the guilds. Event loop only. */
public final class Gateway {
    private final SimSettings settings;
    private final GatewayTimings timings;
    private final EventLoop loop;
    private final EventSource events;
    private final Ledger ledger;
    private final Violations violations;
    private final LongSupplier nanoTime;
    private final Sessions sessions;
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    private final List<SimConnection> dirty = new ArrayList<>();
    private final Interactions interactions = new Interactions();
    private final IdentifyGate gate;
    private final FatalCloses fatalCloses;
    private final Conditions conditions = new Conditions();
    private final ClientProtocol protocol;
    private final Upgrade upgrade;
    private final SplittableRandom faultRandom;
    private final SplittableRandom noise;
    private final ConnectionFaults faults;
    private final EventPacer pacer;
    private final Guilds guilds;
    private final Membership membership;
    private final Generations generations;
    private final Identifies identifies;
    private final Liveness liveness;
    private int recommendedShards;
    private long opened;
    private long resumes;
    private long sessionsEnded;

    /**
     * A gateway that runs on this loop until it is stopped.
     *
     * @param resumeUrl told in READY
     * @param nanoTime a clock that never goes back
     */
    public Gateway(
            SimSettings settings,
            GatewayTimings timings,
            EventLoop loop,
            EventSource events,
            Ledger ledger,
            Violations violations,
            String resumeUrl,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.timings = timings;
        this.loop = loop;
        this.events = events;
        this.ledger = ledger;
        this.violations = violations;
        this.nanoTime = nanoTime;
        SplittableRandom random = new SplittableRandom(settings.seed());
        this.guilds = new Guilds(settings.guilds(), random.split());
        this.recommendedShards = settings.shards();
        ServerPayloads payloads =
                new ServerPayloads(random.nextLong(1L << 58, 1L << 60), resumeUrl);
        this.faultRandom = random.split();
        this.noise = random.split();
        this.sessions = new Sessions(settings.replayEvents());
        this.gate = new IdentifyGate(settings, violations, nanoTime.getAsLong());
        this.fatalCloses = new FatalCloses(violations);
        this.protocol = new ClientProtocol(this, settings, violations);
        this.upgrade = new Upgrade(this, protocol, violations);
        this.faults = new ConnectionFaults(this, noise);
        this.pacer = new EventPacer(loop, this, random.split(), nanoTime);
        this.liveness = new Liveness(loop, this, settings, violations);
        this.generations = new Generations(sessions, guilds);
        this.identifies =
                new Identifies(
                        settings,
                        events,
                        ledger,
                        nanoTime,
                        sessions,
                        guilds,
                        generations,
                        payloads,
                        new Skew(settings.skew(), loop, nanoTime, random.split()));
        this.membership = new Membership(guilds, events, this::emit);
    }

    /** Ids of all guilds, in ascending order. Any thread. */
    public List<Long> guildIds() {
        return guilds.ids();
    }

    /** Where guilds come and go. */
    public Membership membership() {
        return membership;
    }

    Guilds guilds() {
        return guilds;
    }

    Generations generations() {
        return generations;
    }

    /** What {@code /gateway/bot} recommends from now on. */
    public void recommend(int shards) {
        recommendedShards = shards;
    }

    /** What {@code /gateway/bot} recommends. */
    public int recommendedShards() {
        return recommendedShards;
    }

    /** Whether nothing but 503 is said. */
    public boolean inMaintenance() {
        return conditions.maintenance(nowNanos());
    }

    /** Makes a WebSocket of this request's channel. {@code request} stays the caller's. */
    public void upgrade(Channel channel, FullHttpRequest request, boolean viaResumeHost) {
        upgrade.start(channel, request, viaResumeHost);
    }

    /** Events a second over all guilds from now on. Infinity: as many as the sockets take. */
    public void rate(double eventsPerSecond) {
        pacer.rate(eventsPerSecond);
    }

    /** So many events as fast as they are taken; {@code done} when the last has a session. */
    public void burst(int count, CompletableFuture<Void> done) {
        pacer.burst(count, done);
    }

    /** One event of this guild; 0: of none. */
    public void emit(long guildId) {
        if (sessions.owned(guildId)) {
            dispatch(events.next(guildId));
        }
    }

    /** This event, to every session that owns its guild. */
    public void emit(SimEvent event) {
        if (sessions.owned(event.guildId())) {
            dispatch(event);
        }
    }

    private void dispatch(SimEvent event) {
        if (event.name().equals("INTERACTION_CREATE")) {
            interactions.dispatched(event.data(), nowNanos());
        }
        sessions.dispatch(event);
    }

    /** The interactions that went out, and what became of each. */
    public Interactions interactions() {
        return interactions;
    }

    /**
     * Does this to the newest connection of the shard, or to one that the seed chooses.
     *
     * @return whether there was such a connection
     */
    public boolean inject(Fault.OnConnection fault, OptionalInt shardId) {
        List<SimConnection> candidates =
                sessions.connected().stream()
                        .filter(one -> !one.closing() && !one.muted() && one.isOf(shardId))
                        .toList();
        if (candidates.isEmpty()) {
            return false;
        }
        faults.inject(
                fault,
                shardId.isPresent()
                        ? candidates.getLast()
                        : candidates.get(faultRandom.nextInt(candidates.size())));
        return true;
    }

    /** Op 7 instead of HELLO for so many connections to come. */
    public void reconnectBeforeHello(int next) {
        conditions.reconnectBeforeHello(next);
    }

    /** RESUME breaks its connection for a while. */
    public void breakResumes(Duration duration) {
        conditions.breakResumes(duration, nowNanos());
    }

    /** All connections close and none is made for a while. */
    public void maintain(Duration duration) {
        conditions.maintain(duration, nowNanos());
        List.copyOf(connections).forEach(SimConnection::hangUp);
    }

    /** Resets the connections that came through the resume host. */
    public void resetResumed() {
        List.copyOf(connections).stream()
                .filter(SimConnection::viaResumeHost)
                .forEach(SimConnection::reset);
    }

    /** How it stands. */
    public SimStats stats() {
        return new SimStats(
                connections.size(),
                opened,
                identifies.count(),
                resumes,
                sessions.size(),
                sessionsEnded,
                ledger.count(),
                gate.remaining(nowNanos()),
                sessions.byCount(),
                identifies.byCount(),
                sessions.underWay(),
                interactions.stats(),
                violations.counts());
    }

    /**
     * Sessions that were left for new ones while they lived: no more than there were identifies.
     */
    public List<AbandonedSession> abandoned() {
        return generations.abandoned();
    }

    /** Session starts left, and how long until there are all again in milliseconds. */
    public SessionStarts sessionStarts() {
        long now = nowNanos();
        return new SessionStarts(gate.remaining(now), gate.resetAfterMillis(now));
    }

    /** Ends all timers; connections are the caller's to close. */
    public void stop() {
        liveness.stop();
        pacer.stop();
        sessions.all().forEach(SimSession::end);
    }

    long nowNanos() {
        return nanoTime.getAsLong();
    }

    GatewayTimings timings() {
        return timings;
    }

    /** For what differs from run to run anyway, such as how many pieces a message is cut into. */
    SplittableRandom noise() {
        return noise;
    }

    Sessions sessions() {
        return sessions;
    }

    Conditions conditions() {
        return conditions;
    }

    void opened(SimConnection connection) {
        opened++;
        connections.add(connection);
    }

    void greet(SimConnection connection) {
        if (conditions.takeReconnectBeforeHello()) {
            connection.send(ServerPayloads.reconnect());
        } else {
            connection.greet(settings.heartbeatInterval().toMillis());
        }
    }

    void forget(SimConnection connection) {
        connections.remove(connection);
    }

    void flushSoon(SimConnection connection) {
        if (dirty.isEmpty()) {
            loop.execute(this::flushDirty);
        }
        dirty.add(connection);
    }

    private void flushDirty() {
        List<SimConnection> batch = List.copyOf(dirty);
        dirty.clear();
        batch.forEach(SimConnection::flush);
    }

    void cameBack(SimConnection connection, Bearer who) {
        fatalCloses.check(who, nowNanos());
        connection.bearer(who);
    }

    void identify(SimConnection connection, ClientRequest.Identify wanted) {
        switch (gate.identify(wanted.bearer().shardId(), nowNanos())) {
            case TOO_FAST -> connection.send(ServerPayloads.invalidSession(false));
            case OVER_LIMIT -> close(connection, 4004, "Session start limit reached.");
            case ACCEPTED -> identifies.start(connection, wanted);
        }
    }

    void resume(SimConnection connection, SimSession session, long after) {
        resumes++;
        generations.resumed(session);
        SimConnection old = session.connection();
        if (old != null) {
            var _ = old.detach();
            old.hangUp();
        }
        if (session.compressed()) {
            connection.out().compressPayloads();
        }
        session.acknowledged(after);
        connection.attach(session, after);
        session.dispatch(ServerPayloads.resumed());
    }

    /** Closes with a code, and lets go of the session when the code says so. */
    void close(SimConnection connection, int code, String reason) {
        SimSession session = connection.detach();
        if (session != null && FatalCloses.endsSession(code)) {
            end(session);
        }
        Bearer who = connection.bearer();
        if (FatalCloses.fatal(code) && who != null) {
            fatalCloses.remember(who, nowNanos());
        }
        connection.close(code, reason);
    }

    /** The sim ends a session: it owes nothing of it any more, and the client must identify. */
    void end(SimSession session) {
        if (sessions.remove(session)) {
            // Nobody has to identify when there is a newer session of the shard.
            sessionsEnded += session.abandoned() ? 0 : 1;
            ledger.lost(session.id());
        }
    }

    /** What the client was sent is still owed: the end was the client's doing. */
    void endedByClient(SimSession session) {
        if (!generations.mayEnd(session)) {
            violations.add(Violations.Kind.SESSION_ENDED_BY_CLIENT);
        }
        sessions.remove(session);
    }

    /** The client reads too slowly for what its session may hold. */
    void overrun(SimConnection connection) {
        loop.execute(() -> {
            SimSession session = connection.detach();
            if (session != null) {
                end(session);
                connection.close(4000, "Too slow.");
            }
        });
    }

    Set<SimConnection> connections() {
        return Set.copyOf(connections);
    }
}
