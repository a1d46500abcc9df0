package gw.supervisor.link;

import gw.model.LinkVersion;
import gw.proto.v1.Attach;
import gw.proto.v1.Hold;
import gw.proto.v1.Refusal;
import gw.proto.v1.ToSupervisor;
import gw.proto.v1.ToWorker;
import gw.proto.v1.WorkerConfig;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * One attachment of one worker. {@link #send}, {@link #configure}, {@link #refuse} and {@link
 * #reset} are for any thread; the rest is the data event loop's.
 */
public final class WorkerLink implements StreamObserver<Incoming> {
    /** Acks wait this long for company: a wake-up costs more than the bytes do. */
    private static final long ACK_DELAY_MILLIS = 2;

    /** Messages are asked for by so many: gRPC does it for each, with an object each time. */
    private static final int ASKED_AT_ONCE = 1 << 20;

    private final EventLoop loop;
    private final LinkListener listener;
    private final LongSupplier nanos;
    private final ServerCallStreamObserver<Outgoing> out;
    private final AckStream ack = new AckStream();
    private final Runnable sendAck = this::sendAck;
    private final LongConsumer acks = this::ack;
    private volatile long lastHeardNanos;
    private @Nullable Attach attach;
    private int heard;
    private long lastBatch;
    private long ackedBatch;
    private long ackToSend;
    private boolean ackScheduled;
    private boolean over;

    WorkerLink(
            EventLoop loop,
            LinkListener listener,
            LongSupplier nanos,
            ServerCallStreamObserver<Outgoing> out) {
        this.loop = loop;
        this.listener = listener;
        this.nanos = nanos;
        this.out = out;
        this.lastHeardNanos = nanos.getAsLong();
        out.disableAutoRequest();
        out.request(ASKED_AT_ONCE);
    }

    /** The cluster that the worker holds; -1 before Attach. */
    public int cluster() {
        return attach == null ? -1 : attach.getCluster();
    }

    /** When anything last came, monotonic nanoseconds. Any thread. */
    public long lastHeardNanos() {
        return lastHeardNanos;
    }

    /** Sends a message. */
    public void send(ToWorker message) {
        run(() -> out.onNext(new Outgoing.Message(message)));
    }

    /** Tells the worker to read no more from its sockets, or to go on. */
    public void hold(boolean on) {
        send(ToWorker.newBuilder().setHold(Hold.newBuilder().setOn(on)).build());
    }

    /** Takes the worker in. */
    public void configure(WorkerConfig config) {
        send(ToWorker.newBuilder().setConfig(config).build());
    }

    /** Turns the worker away; it closes its sockets resumably and exits. */
    public void refuse(String reason) {
        send(ToWorker.newBuilder().setRefusal(Refusal.newBuilder().setReason(reason)).build());
    }

    /**
     * Everything up to and with this batch is safe; told a moment later, with what came meanwhile.
     */
    public void ack(long batch) {
        ackToSend = batch;
        if (!ackScheduled) {
            ackScheduled = true;
            var _ = loop.schedule(sendAck, ACK_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** {@link #ack}, as the same object each time. */
    public LongConsumer acks() {
        return acks;
    }

    /** Breaks the link off; the worker dials again and sends what was not acked. */
    public void reset(String reason) {
        run(() -> {
            out.onError(Status.DATA_LOSS.withDescription(reason).asRuntimeException());
            end(reason);
        });
    }

    private void sendAck() {
        ackScheduled = false;
        if (!over && ackToSend > ackedBatch) {
            ackedBatch = ackToSend;
            out.onNext(ack.of(ackToSend));
        }
    }

    private void run(Runnable task) {
        if (loop.inEventLoop()) {
            guarded(task);
        } else {
            loop.execute(() -> guarded(task));
        }
    }

    private void guarded(Runnable task) {
        if (over) {
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            // gRPC's word for a stream that is over already.
            end("the link is closed: " + e.getMessage());
        }
    }

    @Override
    public void onNext(Incoming message) {
        heard++;
        if (heard == ASKED_AT_ONCE) {
            heard = 0;
            out.request(ASKED_AT_ONCE);
        }
        lastHeardNanos = nanos.getAsLong();
        if (over) {
            return;
        }
        try {
            received(message);
        } catch (RuntimeException e) {
            // Out of an observer it would stall the link without a word.
            reset("while handling " + what(message) + ": " + e);
        }
    }

    private static Object what(Incoming message) {
        return switch (message) {
            case Incoming.Records _ -> ToSupervisor.MessageCase.BATCH;
            case Incoming.Message other -> other.message().getMessageCase();
        };
    }

    private void received(Incoming incoming) {
        if (attach == null) {
            present(incoming);
            return;
        }
        switch (incoming) {
            case Incoming.Records records -> {
                long number = records.number();
                if (number != lastBatch + 1) {
                    reset("batch " + number + " after batch " + lastBatch);
                    return;
                }
                lastBatch = number;
                listener.batch(this, number, records.array(), records.from(), records.to());
            }
            case Incoming.Message(ToSupervisor message) -> received(message);
        }
    }

    private void received(ToSupervisor message) {
        switch (message.getMessageCase()) {
            case ATTACH -> reset("a second Attach");
            case MESSAGE_NOT_SET -> {
                // Of a newer worker: its state comes in words that are known, too.
            }
            default -> listener.message(this, message);
        }
    }

    private void present(Incoming incoming) {
        if (!(incoming instanceof Incoming.Message(ToSupervisor message) && message.hasAttach())) {
            reset("the first message is " + what(incoming) + " (expected: Attach)");
            return;
        }
        Attach presented = message.getAttach();
        int version = presented.getLinkVersion();
        if (version < LinkVersion.OLDEST || version > LinkVersion.CURRENT) {
            refuse(misfit(presented));
            return;
        }
        attach = presented;
        listener.attached(this, presented);
    }

    private static String misfit(Attach worker) {
        boolean newer = worker.getLinkVersion() > LinkVersion.CURRENT;
        return "the worker speaks link version "
                + worker.getLinkVersion()
                + ", this supervisor "
                + LinkVersion.OLDEST
                + " to "
                + LinkVersion.CURRENT
                + (newer
                        ? ": gw's build was replaced while it ran, restart gw"
                        : ": one of this build takes its place")
                + "; the sessions stay resumable";
    }

    @Override
    public void onError(Throwable error) {
        run(() -> end("the link broke: " + Status.fromThrowable(error).getCode()));
    }

    @Override
    public void onCompleted() {
        run(() -> {
            out.onCompleted();
            end("the worker hung up");
        });
    }

    private void end(String reason) {
        if (!over) {
            over = true;
            if (attach != null) {
                listener.closed(this, reason);
            }
        }
    }
}
