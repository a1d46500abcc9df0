package gw.worker.link;

import gw.proto.v1.Attach;
import gw.proto.v1.LinkGrpc;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The worker's end of the link: one bidirectional stream over a Unix socket, dialled again whenever
 * it breaks. What the supervisor has not acked is sent again. Owned by the event loop.
 */
public final class SupervisorLink {
    private static final long FIRST_REDIAL_MILLIS = 50;

    /** A new supervisor takes its workers over within a second of its start. */
    private static final long MAX_REDIAL_MILLIS = 250;

    private static final int MAX_INBOUND_BYTES = 16 * 1024 * 1024;

    private final MethodDescriptor<Outgoing, Incoming> attachMethod =
            LinkGrpc.getAttachMethod().toBuilder(
                            new OutgoingMarshaller(
                                    LinkGrpc.getAttachMethod().getRequestMarshaller()),
                            new IncomingMarshaller(
                                    LinkGrpc.getAttachMethod().getResponseMarshaller()))
                    .build();
    private final EventLoop loop;
    private final Attach attach;
    private final Duration orphanTimeout;
    private final LinkListener listener;
    private final RandomGenerator random;
    private final ManagedChannel channel;
    private final UnackedWindow window = new UnackedWindow();
    private @Nullable ClientCallStreamObserver<Outgoing> out;
    private @Nullable Stream stream;
    private @Nullable ScheduledFuture<?> orphanTimer;
    private boolean configured;
    private boolean numbered;
    private boolean closed;
    private int failures;

    /**
     * A link that isn't dialled yet.
     *
     * @param group holds exactly {@code loop}
     * @param unixChannel fits the group
     * @param attach presents the worker
     */
    public SupervisorLink(
            EventLoopGroup group,
            EventLoop loop,
            Class<? extends Channel> unixChannel,
            Path socket,
            Attach attach,
            Duration orphanTimeout,
            LinkListener listener,
            RandomGenerator random) {
        this.loop = loop;
        this.attach = attach;
        this.orphanTimeout = orphanTimeout;
        this.listener = listener;
        this.random = random;
        SocketAddress address =
                unixChannel == EpollDomainSocketChannel.class
                        ? new DomainSocketAddress(socket.toFile())
                        : UnixDomainSocketAddress.of(socket);
        this.channel =
                NettyChannelBuilder.forAddress(address)
                        .channelType(unixChannel)
                        .eventLoopGroup(group)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .directExecutor()
                        // What is not acked is sent again by the link itself.
                        .disableRetry()
                        .maxInboundMessageSize(MAX_INBOUND_BYTES)
                        .build();
    }

    /** Dials until the supervisor answers or the orphan timeout has passed. */
    public void start() {
        startOrphanTimer();
        dial();
    }

    /** Sends a control message; dropped while unattached, for the state is told anew then. */
    public void send(ToSupervisor message) {
        ClientCallStreamObserver<Outgoing> to = out;
        if (to != null && configured) {
            to.onNext(new Outgoing.Message(message));
        }
    }

    /** Memory to write records into, with room for at least so many bytes; to be told when full. */
    public RecordChunk chunk(int room) {
        return window.chunk(room);
    }

    /** Nothing more is written to this chunk: it is used again once all in it is acked. */
    public void full(RecordChunk chunk) {
        window.full(chunk);
    }

    /** Gives back memory that a burst has left: to be called now and then. */
    public void trim() {
        window.trim();
    }

    /** Records that were written to a chunk; to be marked and sent. */
    public Batch batch(RecordChunk chunk, int from, int length) {
        return window.batch(chunk, from, length);
    }

    /** Sends records, and keeps them until they are acked. */
    public void send(Batch batch) {
        window.add(batch);
        ClientCallStreamObserver<Outgoing> to = out;
        if (to != null && numbered) {
            to.onNext(batch);
        }
    }

    /**
     * Whether the supervisor takes what is sent: false while unattached, and while messages pile up
     * because it doesn't read. What can be left out should be.
     */
    public boolean isReady() {
        ClientCallStreamObserver<Outgoing> to = out;
        return to != null && configured && to.isReady();
    }

    /** Bytes of records that wait for an ack. */
    public long unackedBytes() {
        return window.bytes();
    }

    public boolean isDrained() {
        return window.isEmpty();
    }

    /** Hangs up for good. */
    public void close() {
        closed = true;
        stopOrphanTimer();
        stream = null;
        if (out != null) {
            out.onCompleted();
            out = null;
        }
        var _ = channel.shutdown();
    }

    private void dial() {
        if (closed) {
            return;
        }
        channel.resetConnectBackoff();
        Stream next = new Stream();
        stream = next;
        ClientCalls.asyncBidiStreamingCall(
                channel.newCall(attachMethod, CallOptions.DEFAULT), next);
        ClientCallStreamObserver<Outgoing> to = next.requests;
        if (to != null && stream == next) {
            out = to;
            to.onNext(new Outgoing.Message(ToSupervisor.newBuilder().setAttach(attach).build()));
        }
    }

    private void lost(String why) {
        out = null;
        stream = null;
        boolean wasConfigured = configured;
        configured = false;
        numbered = false;
        if (closed) {
            return;
        }
        if (wasConfigured) {
            failures = 0;
            // The next one says it anew.
            listener.held(false);
            listener.trouble(why);
            startOrphanTimer();
        }
        long ceiling = Math.min(MAX_REDIAL_MILLIS, FIRST_REDIAL_MILLIS << Math.min(failures++, 10));
        long delay = ceiling / 2 + random.nextLong(ceiling / 2 + 1);
        var _ = loop.schedule(this::dial, delay, TimeUnit.MILLISECONDS);
    }

    private void received(Incoming incoming) {
        switch (incoming) {
            case Incoming.Ack ack -> acked(ack.batch());
            case Incoming.Message(ToWorker message) -> received(message);
        }
    }

    private void acked(long batch) {
        if (!window.acked(batch, listener)) {
            throw new IllegalStateException("ack of batch " + batch + ", never sent");
        }
        listener.windowMoved();
    }

    private void received(ToWorker message) {
        switch (message.getMessageCase()) {
            case CONFIG -> {
                stopOrphanTimer();
                failures = 0;
                configured = true;
                // The state first: a session is named before its records. Those that are handed
                // over
                // meanwhile wait for their new numbers in the window.
                listener.configured(message.getConfig());
                ClientCallStreamObserver<Outgoing> to = out;
                for (Batch unacked : window.restart()) {
                    if (to != null) {
                        to.onNext(unacked);
                    }
                }
                numbered = true;
            }
            case REFUSAL -> listener.refused(message.getRefusal().getReason());
            case ACK -> acked(message.getAck().getBatch());
            case IDENTIFY_TURN -> listener.turn(message.getIdentifyTurn().getShardId());
            case IDENTIFY_GRANT ->
                    listener.granted(
                            message.getIdentifyGrant().getShardId(),
                            message.getIdentifyGrant().getGrantId(),
                            message.getIdentifyGrant().getExpiresAtMs());
            case RESTART_SHARD ->
                    listener.restart(
                            message.getRestartShard().getShardId(),
                            message.getRestartShard().getFresh());
            case HOLD -> listener.held(message.getHold().getOn());
            case SHUTDOWN ->
                    listener.shutdown(
                            message.getShutdown().getWithinMs(),
                            message.getShutdown().getEndSessions());
            case MESSAGE_NOT_SET -> {
                // Of a newer supervisor: nothing that this version must obey.
            }
        }
    }

    private void startOrphanTimer() {
        stopOrphanTimer();
        orphanTimer =
                loop.schedule(listener::orphaned, orphanTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopOrphanTimer() {
        if (orphanTimer != null) {
            var _ = orphanTimer.cancel(false);
            orphanTimer = null;
        }
    }

    /** One attachment. */
    private final class Stream implements ClientResponseObserver<Outgoing, Incoming> {
        private @Nullable ClientCallStreamObserver<Outgoing> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<Outgoing> requestStream) {
            requests = requestStream;
        }

        /** On the event loop, as the channel has no other thread: what comes is taken at once. */
        @Override
        public void onNext(Incoming message) {
            if (this != stream) {
                return;
            }
            try {
                received(message);
            } catch (RuntimeException e) {
                // Out of an observer it would stall the link without a word.
                String what = what(message) + ": " + e;
                if (requests != null) {
                    requests.cancel(what, e);
                }
                lost("the link was reset: " + what);
            }
        }

        private static Object what(Incoming message) {
            return switch (message) {
                case Incoming.Ack _ -> ToWorker.MessageCase.ACK;
                case Incoming.Message other -> other.message().getMessageCase();
            };
        }

        @Override
        public void onError(Throwable error) {
            loop.execute(() -> {
                if (this == stream) {
                    lost(words(error));
                }
            });
        }

        @Override
        public void onCompleted() {
            loop.execute(() -> {
                if (this == stream) {
                    lost("the supervisor ended the link");
                }
            });
        }

        private String words(Throwable error) {
            Status status =
                    error instanceof StatusRuntimeException failed
                            ? failed.getStatus()
                            : Status.fromThrowable(error);
            String description = status.getDescription();
            return status.getCode() + (description == null ? "" : ": " + description);
        }
    }
}
