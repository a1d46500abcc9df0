package gw.worker;

import gw.proto.v1.Detached;
import gw.proto.v1.ShardAssignment;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.WorkerBeat;
import gw.proto.v1.WorkerConfig;
import gw.record.RecordKind;
import gw.worker.envelope.EnvelopeScanner;
import gw.worker.link.LinkListener;
import gw.worker.link.SupervisorLink;
import gw.worker.shard.IdentifyFacts;
import gw.worker.shard.ShardHost;
import gw.worker.shard.ShardInput;
import gw.worker.shard.ShardMachine;
import gw.worker.shard.ShardRunner;
import gw.worker.shard.ShardSettings;
import gw.worker.socket.GatewaySockets;
import gw.worker.socket.SocketListener;
import gw.worker.socket.Transport;

import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * One cluster's shards: wires sockets, shards and the link. Everything here is owned by one event
 * loop.
 */
final class Worker implements LinkListener, ShardHost {
    private final Transport transport;
    private final EventLoop loop;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final WorkerLog log;
    private final IntConsumer exit;
    private final Backpressure backpressure;
    private final WorkerFigures figures = new WorkerFigures();
    private final EnvelopeScanner scanner = new EnvelopeScanner();
    private final TreeMap<Integer, ShardRunner> shards = new TreeMap<>();
    private @Nullable SupervisorLink link;
    private @Nullable RecordBatcher batcher;
    private Runnable wakeBatcher = () -> {};
    private @Nullable OpenSockets sockets;
    private @Nullable WorkerConfig config;
    private boolean held;
    private boolean leaving;

    /**
     * A worker without a supervisor yet.
     *
     * @param exit ends the process with this status; called once, on the event loop
     */
    Worker(
            Transport transport,
            EventLoop loop,
            InstantSource clock,
            LongSupplier nanos,
            RandomGenerator random,
            WorkerLog log,
            IntConsumer exit) {
        this.transport = transport;
        this.loop = loop;
        this.clock = clock;
        this.nanos = nanos;
        this.backpressure = new Backpressure(nanos);
        this.random = random;
        this.log = log;
        this.exit = exit;
    }

    /** Dials the supervisor. */
    void start(SupervisorLink newLink) {
        link = newLink;
        RecordBatcher records = new RecordBatcher(newLink, clock, nanos, this::wakeAfter);
        wakeBatcher = records::wake;
        batcher = records;
        newLink.start();
    }

    // ---- the link --------------------------------------------------------------------------

    @Override
    public void configured(WorkerConfig newConfig) {
        if (leaving) {
            return;
        }
        if (config == null) {
            config = newConfig;
            backpressure.limit(newConfig.getMaxUnackedBytes());
            log.say("attached: " + newConfig.getShardsCount() + " shards");
            begin(newConfig);
            return;
        }
        // What it has it keeps: who answers may be another supervisor, which knows less than we do.
        log.say("attached again");
        shards.values()
                .forEach(shard -> {
                    tell(Messages.update(shard.shardId(), shard.reportAgain()));
                    shard.input(new ShardInput.Reattached());
                });
    }

    private void begin(WorkerConfig first) {
        Duration step = Duration.ofMillis(first.getConnectStepTimeoutMs());
        sockets =
                new OpenSockets(
                        new GatewaySockets(
                                transport, loop, step, first.getMaxMessageBytes(), this::came),
                        first.getApiVersion(),
                        Messages.compression(first.getCompression()),
                        figures,
                        () -> {
                            if (leaving) {
                                exitWhenDone();
                            }
                        });
        ShardMachine machine =
                new ShardMachine(
                        new ShardSettings(
                                first.getGatewayUrl(),
                                step.multipliedBy(4).plusSeconds(1),
                                step,
                                Duration.ofMillis(first.getSessionTimeoutMs())),
                        random);
        IdentifyFacts identify = Messages.identify(first);
        for (ShardAssignment assignment : first.getShardsList()) {
            ShardRunner shard =
                    new ShardRunner(
                            assignment.getShardId(),
                            first.getShardCount(),
                            machine,
                            identify,
                            Duration.ofMillis(first.getGuildTimeoutMs()),
                            this,
                            scanner,
                            clock,
                            nanos);
            shards.put(assignment.getShardId(), shard);
        }
        for (ShardAssignment assignment : first.getShardsList()) {
            ShardRunner shard = shards.get(assignment.getShardId());
            if (shard != null) {
                if (!assignment.getLostSessionId().isEmpty()) {
                    shard.announce(assignment.getLostSessionId());
                }
                shard.input(
                        new ShardInput.Start(
                                assignment.hasSession()
                                        ? Optional.of(Messages.session(assignment.getSession()))
                                        : Optional.empty()));
            }
        }
        beat();
    }

    @Override
    public void refused(String reason) {
        log.say("the supervisor refused this worker: " + reason);
        leave(0, false);
    }

    @Override
    public void orphaned() {
        log.say("no supervisor answered: leaving, the sessions stay resumable");
        leave(0, false);
    }

    @Override
    public void turn(int shardId) {
        to(shardId, new ShardInput.Turn());
    }

    @Override
    public void granted(int shardId, long grantId, long expiresAtMillis) {
        if (clock.millis() > expiresAtMillis) {
            log.say("shard " + shardId + ": the identify token came too late, it is given back");
            identifyReleased(shardId, grantId);
            to(shardId, new ShardInput.Reattached());
            return;
        }
        to(shardId, new ShardInput.Granted(grantId));
    }

    @Override
    public void restart(int shardId, boolean fresh) {
        to(shardId, new ShardInput.Restart(fresh));
    }

    @Override
    public void shutdown(int withinMillis, boolean endSessions) {
        log.say(endSessions ? "told to end the sessions and stop" : "told to stop");
        leave(withinMillis, endSessions);
    }

    @Override
    public void held(boolean on) {
        held = on;
        checkWindow();
    }

    @Override
    public void durable(int shardId, String sessionId, long sequence) {
        ShardRunner shard = shards.get(shardId);
        if (shard != null) {
            shard.durable(sessionId, sequence);
        }
    }

    @Override
    public void windowMoved() {
        backpressure.acked();
        checkWindow();
        if (leaving) {
            exitWhenDone();
        }
    }

    @Override
    public void trouble(String what) {
        log.say("link lost: " + what);
    }

    private void to(int shardId, ShardInput input) {
        ShardRunner shard = shards.get(shardId);
        if (shard != null && !leaving) {
            shard.input(input);
        }
    }

    /**
     * Closes all sockets and exits once all is told, or the time is up.
     *
     * @param endSessions whether Discord is to end the sessions; else they stay resumable
     */
    void leave(int withinMillis, boolean endSessions) {
        if (leaving) {
            return;
        }
        leaving = true;
        shards.values().forEach(shard -> shard.input(new ShardInput.Stop(endSessions)));
        flush();
        tell(ToSupervisor.newBuilder().setDetached(Detached.getDefaultInstance()).build());
        var _ = loop.schedule(() -> exit.accept(0), withinMillis, TimeUnit.MILLISECONDS);
        exitWhenDone();
    }

    private void exitWhenDone() {
        if ((sockets == null || sockets.count() == 0) && link != null && link.isDrained()) {
            link.close();
            exit.accept(0);
        }
    }

    private void beat() {
        if (leaving || config == null || link == null) {
            return;
        }
        link.trim();
        // Acks that no longer come change how much may wait for them.
        checkWindow();
        // Beats of a supervisor's pause would pile up without bound, and all but the last be stale.
        if (link.isReady()) {
            WorkerBeat.Builder beat =
                    figures.beat()
                            .setUnackedBytes(unackedBytes())
                            .setReadingPaused(backpressure.isPaused());
            shards.values().forEach(shard -> beat.addShards(Messages.facts(shard)));
            tell(ToSupervisor.newBuilder().setBeat(beat).build());
        }
        var _ =
                loop.schedule(
                        this::beat,
                        Math.max(100, config.getBeatIntervalMs()),
                        TimeUnit.MILLISECONDS);
    }

    private void tell(ToSupervisor message) {
        if (link != null) {
            link.send(message);
        }
    }

    private long unackedBytes() {
        return (link == null ? 0 : link.unackedBytes())
                + (batcher == null ? 0 : batcher.gatheredBytes());
    }

    private void checkWindow() {
        if (config == null) {
            return;
        }
        Backpressure.Change change = backpressure.check(unackedBytes(), held);
        if (change != Backpressure.Change.NONE) {
            boolean reading = change == Backpressure.Change.GO_ON;
            shards.values().forEach(shard -> shard.reading(reading));
            backpressure.words().ifPresent(log::say);
        }
    }

    // ---- the shards ------------------------------------------------------------------------

    @Override
    public Connection connect(String url, SocketListener listener) {
        if (sockets == null) {
            throw new IllegalStateException("not configured");
        }
        return sockets.connect(url, listener);
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        var future = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> {
            var _ = future.cancel(false);
        };
    }

    @Override
    public void append(
            ShardRunner shard,
            RecordKind kind,
            long sequence,
            long guildId,
            byte[] session,
            byte[] name,
            int nameOffset,
            int nameLength,
            byte[] payload,
            int payloadOffset,
            int payloadLength) {
        if (batcher == null) {
            throw new IllegalStateException("no supervisor");
        }
        figures.dispatch(payloadLength);
        batcher.append(
                shard,
                kind,
                sequence,
                guildId,
                session,
                name,
                nameOffset,
                nameLength,
                payload,
                payloadOffset,
                payloadLength);
        if (!backpressure.isPaused()) {
            checkWindow();
        }
    }

    @Override
    public void readComplete() {
        if (batcher != null) {
            batcher.flushSoon();
        }
    }

    private void flush() {
        if (batcher != null) {
            batcher.flush();
        }
    }

    private void came(long socketBytes) {
        figures.socketBytes(socketBytes);
        if (batcher != null) {
            batcher.came();
        }
    }

    private void wakeAfter(long delayNanos) {
        var _ = loop.schedule(wakeBatcher, delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void changed(ShardRunner shard, Report report) {
        // What was read before belongs to the state before.
        flush();
        log.say(
                "shard "
                        + shard.shardId()
                        + ": "
                        + report.state().getClass().getSimpleName()
                        + ", "
                        + report.reason());
        tell(Messages.update(shard.shardId(), report));
    }

    @Override
    public void identifyWanted(int shardId) {
        tell(Messages.wanted(shardId));
    }

    @Override
    public void identifyReady(int shardId) {
        tell(Messages.ready(shardId));
    }

    @Override
    public void identifySent(int shardId, long grantId) {
        tell(Messages.sent(shardId, grantId));
    }

    @Override
    public void identifyReleased(int shardId, long grantId) {
        tell(Messages.released(shardId, grantId));
    }

    @Override
    public void malformed(int shardId, String what) {
        figures.malformed();
        log.say("shard " + shardId + ": not understood: " + what);
    }
}
