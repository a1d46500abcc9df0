package gw.worker.shard;

import gw.model.Session;
import gw.worker.envelope.Envelope;
import gw.worker.envelope.EnvelopeException;
import gw.worker.envelope.EnvelopeScanner;
import gw.worker.socket.SocketClose;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The shell around {@link ShardMachine}: owns the shard's connection and timer, turns payloads into
 * inputs and records, does the actions. On the hot way (a dispatch of a live session) it moves the
 * sequence in place and steps no machine. Owned by the worker's event loop.
 */
public final class ShardRunner {
    private static final byte[] READY = "READY".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RESUMED = "RESUMED".getBytes(StandardCharsets.US_ASCII);

    private final int shardId;
    private final int shardCount;
    private final ShardMachine machine;
    private final IdentifyFacts identify;
    private final ShardHost host;
    private final EnvelopeScanner scanner;
    private final Envelope envelope;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final ShardFigures figures = new ShardFigures();
    private final GuildTracker guilds;
    private final HeldSession session;
    private final DeadlineTimer timer;
    private final Hearing hearing = new Hearing();

    private ShardState state = new ShardState.Idle();
    private @Nullable ShardConnection current;
    private ShardInput.@Nullable Unsendable unsendable;
    private boolean reading = true;
    private long userId;
    private String userName = "";
    private String lastReason = "not started";

    /**
     * A shard at rest.
     *
     * @param scanner may be shared by all shards of the event loop
     * @param nanos monotonic
     */
    public ShardRunner(
            int shardId,
            int shardCount,
            ShardMachine machine,
            IdentifyFacts identify,
            Duration guildTimeout,
            ShardHost host,
            EnvelopeScanner scanner,
            InstantSource clock,
            LongSupplier nanos) {
        this.shardId = shardId;
        this.shardCount = shardCount;
        this.machine = machine;
        this.identify = identify;
        this.host = host;
        this.scanner = scanner;
        this.envelope = new Envelope();
        this.clock = clock;
        this.nanos = nanos;
        this.session = new HeldSession(this, host);
        this.timer = new DeadlineTimer(host, nanos, this::tick);
        this.guilds = new GuildTracker(host, guildTimeout.toNanos());
    }

    public int shardId() {
        return shardId;
    }

    public int shardCount() {
        return shardCount;
    }

    public ShardState state() {
        return state;
    }

    /** Counters and times; live, for the event loop. */
    public ShardFigures figures() {
        return figures;
    }

    /** The id of the session whose records are being taken; empty: none. */
    public String sessionId() {
        return session.id();
    }

    /** The highest sequence taken. */
    public long sequence() {
        return session.sequence();
    }

    public long durableSequence() {
        return session.durableSequence();
    }

    /** What stands now and why, for one who has not heard it when it came about. */
    public ShardHost.Report reportAgain() {
        int closeCode = state instanceof ShardState.Fatal fatal ? fatal.closeCode() : 0;
        return report(lastReason, closeCode);
    }

    private ShardHost.Report report(String reason) {
        return report(reason, 0);
    }

    private ShardHost.Report report(String reason, int closeCode) {
        return new ShardHost.Report(
                state,
                reason,
                closeCode,
                state.session().map(held -> held.withSequence(session.durableSequence())),
                session.lost(),
                guilds.listed(),
                guilds.missing(),
                userId,
                userName);
    }

    /** A session ended before this worker's time, and its gap is still to be announced. */
    public void announce(String lostSessionId) {
        session.announce(lostSessionId);
    }

    /** Something was asked or happened outside of the connection. */
    public void input(ShardInput input) {
        if (input instanceof ShardInput.Start start && start.session().isPresent()) {
            Session known = start.session().get();
            session.hold(known.id(), known.sequence());
            if (known.sequence() == 0) {
                // Nothing of it is in the log, and no READY will come that could tell it.
                session.writeGaps();
            }
        }
        step(input);
    }

    /** The supervisor holds everything of this session up to this sequence. */
    public void durable(String ofSession, long upTo) {
        session.durable(ofSession, upTo);
    }

    /**
     * Backpressure: stops or goes on reading, also on connections to come. A connection that is not
     * in a session yet is read all the same: it brings no records, and an IDENTIFY whose READY is
     * not read would be wasted (P5).
     */
    public void reading(boolean enabled) {
        reading = enabled;
        settleReading();
    }

    private void settleReading() {
        if (current != null) {
            boolean inSession =
                    state instanceof ShardState.Ready || state instanceof ShardState.Resuming;
            current.reading(reading || !inSession);
        }
    }

    private void step(ShardInput input) {
        ShardState before = state;
        Transition transition = machine.step(before, input, nanos.getAsLong());
        state = transition.next();
        boolean changed = !transition.reason().isEmpty();
        if (input instanceof ShardInput.HeartbeatAck) {
            figures.acked(clock.millis(), nanos.getAsLong());
        }
        for (ShardAction action : transition.actions()) {
            perform(action);
        }
        if (changed) {
            settleReading();
            if (state instanceof ShardState.Backoff && !(input instanceof ShardInput.Start)) {
                figures.reconnecting();
            }
            lastReason = transition.reason();
            host.changed(this, report(lastReason, transition.closeCode()));
        }
        if (state.deadlineNanos() != before.deadlineNanos() || !timer.isSet()) {
            timer.set(state.deadlineNanos());
        }
        // Only now: a step within a step would be told in the wrong order.
        ShardInput next = unsendable;
        if (next != null) {
            unsendable = null;
            step(next);
        }
    }

    private void tick() {
        ShardConnection on = current;
        step(new ShardInput.Tick(on == null ? nanos.getAsLong() : on.lastInboundNanos()));
    }

    private void perform(ShardAction action) {
        switch (action) {
            case ShardAction.Connect connect -> {
                ShardConnection next = new ShardConnection(hearing, host, nanos);
                current = next;
                next.open(connect.url());
            }
            case ShardAction.Disconnect disconnect -> {
                if (current != null) {
                    ShardConnection old = current;
                    current = null;
                    old.close(disconnect.code(), disconnect.reason());
                }
            }
            case ShardAction.SendHeartbeat _ -> {
                byte[] beat = OutboundPayloads.heartbeat(session.durableSequence());
                if (send(beat, true, () -> {})) {
                    figures.beat(clock.millis(), nanos.getAsLong());
                }
            }
            case ShardAction.SendIdentify identifying -> {
                byte[] json = OutboundPayloads.identify(identify, shardId, shardCount);
                if (json.length > CommandLimiter.MAX_MESSAGE_BYTES) {
                    host.identifyReleased(shardId, identifying.grantId());
                    unsendable =
                            new ShardInput.Unsendable(
                                    "IDENTIFY is " + CommandLimiter.tooLong(json.length));
                    return;
                }
                boolean sent =
                        send(
                                json,
                                false,
                                () -> {
                                    figures.identified();
                                    host.identifySent(shardId, identifying.grantId());
                                });
                if (!sent) {
                    host.identifyReleased(shardId, identifying.grantId());
                }
            }
            case ShardAction.SendResume resume -> {
                figures.resuming();
                var _ =
                        send(
                                OutboundPayloads.resume(
                                        identify, resume.session(), session.durableSequence()),
                                false,
                                () -> {});
            }
            case ShardAction.WantIdentify _ -> host.identifyWanted(shardId);
            case ShardAction.ReadyToIdentify _ -> host.identifyReady(shardId);
            case ShardAction.ReleaseIdentify release ->
                    host.identifyReleased(shardId, release.grantId());
            case ShardAction.LoseSession lost -> session.lose(lost.session().id());
        }
    }

    private boolean send(byte[] json, boolean heartbeat, Runnable written) {
        ShardConnection on = current;
        if (on == null) {
            return false;
        }
        if (json.length > CommandLimiter.MAX_MESSAGE_BYTES) {
            host.malformed(
                    shardId,
                    "a message was not sent: it is " + CommandLimiter.tooLong(json.length));
            return false;
        }
        return on.send(json, heartbeat, written);
    }

    private void payload(byte[] bytes, int offset, int length) {
        try {
            scanner.scan(bytes, offset, length, envelope);
        } catch (EnvelopeException e) {
            malformed(String.valueOf(e.getMessage()));
            return;
        }
        switch (envelope.op()) {
            case 0 -> dispatch(bytes, offset, length);
            case 1 -> step(new ShardInput.HeartbeatRequest());
            case 7 -> step(new ShardInput.ReconnectRequest());
            case 9 ->
                    step(
                            new ShardInput.InvalidSession(
                                    envelope.dataLength() == 4
                                            && bytes[envelope.dataOffset()] == 't'));
            case 10 -> {
                long millis =
                        OutboundPayloads.helloIntervalMillis(
                                bytes, envelope.dataOffset(), envelope.dataLength());
                if (millis < 0) {
                    malformed("HELLO without a heartbeat interval");
                } else {
                    long interval = TimeUnit.MILLISECONDS.toNanos(millis);
                    figures.interval(millis);
                    if (current != null) {
                        current.heartbeatEvery(interval);
                    }
                    step(new ShardInput.Hello(interval));
                }
            }
            case 11 -> step(new ShardInput.HeartbeatAck());
            default -> {
                // Opcodes to come are not for a shard.
            }
        }
    }

    private void malformed(String what) {
        host.malformed(shardId, what);
        step(new ShardInput.Malformed(what));
    }

    private void dispatch(byte[] bytes, int offset, int length) {
        if (envelope.sequence() < 0 || envelope.nameLength() == 0) {
            malformed("a dispatch without s or t");
            return;
        }
        if (state instanceof ShardState.Identifying) {
            if (!envelope.nameIs(bytes, READY)) {
                malformed("a dispatch before READY");
                return;
            }
            Optional<ReadyPayload> ready =
                    ReadyPayload.read(bytes, envelope.dataOffset(), envelope.dataLength());
            if (ready.isEmpty()) {
                malformed("READY without a session id");
                return;
            }
            ready(ready.get());
        } else if (!(state instanceof ShardState.Ready)
                && !(state instanceof ShardState.Resuming)) {
            malformed("a dispatch outside of a session");
            return;
        }
        if (session.take(envelope, bytes, offset, length)) {
            figures.dispatch(clock.millis());
        }
        notice(bytes);
    }

    private void ready(ReadyPayload ready) {
        session.hold(ready.sessionId(), 0);
        userId = ready.userId();
        userName = ready.userName();
        guilds.listed(
                ready.guildIds(), () -> host.changed(this, report("some guilds did not come")));
        step(new ShardInput.ReadyReceived(new Session(ready.sessionId(), ready.resumeUrl(), 0)));
        session.writeGaps();
    }

    /** The few dispatches that mean something to the shard itself. */
    private void notice(byte[] bytes) {
        if (envelope.nameIs(bytes, RESUMED)) {
            figures.resumed();
            step(new ShardInput.ResumedReceived());
        } else if (guilds.lastCame(envelope, bytes)) {
            host.changed(this, report("all guilds came"));
        }
    }

    /** What the current connection tells; the others speak to nobody. */
    private final class Hearing implements ShardConnection.Owner {
        @Override
        public void opened(ShardConnection of) {
            if (of == current) {
                step(new ShardInput.Opened());
            }
        }

        @Override
        public void payload(ShardConnection of, byte[] bytes, int offset, int length) {
            if (of == current) {
                ShardRunner.this.payload(bytes, offset, length);
            }
        }

        @Override
        public void closed(ShardConnection of, SocketClose close) {
            if (of == current) {
                // Already gone: there is nothing to close.
                step(new ShardInput.Closed(close));
                if (of == current) {
                    current = null;
                }
            }
        }
    }
}
