package gw.supervisor.cli;

import gw.proto.v1.Status;
import gw.proto.v1.WatchStatusRequest;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Statuses from a watch, taken one by one by another thread. The next one is asked for when one is
 * taken, so that they never pile up (P7).
 */
final class StatusStream implements ClientResponseObserver<WatchStatusRequest, Status> {
    /** What came from the supervisor. */
    sealed interface Event {
        /** The state. */
        record Next(Status status) implements Event {}

        /** The end; with an error unless the supervisor ended the stream itself. */
        record End(@Nullable Throwable error) implements Event {}
    }

    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(2);
    private @Nullable ClientCallStreamObserver<WatchStatusRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchStatusRequest> starting) {
        call = starting;
        starting.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(Status status) {
        events.add(new Event.Next(status));
    }

    @Override
    public void onError(Throwable error) {
        events.add(new Event.End(error));
    }

    @Override
    public void onCompleted() {
        events.add(new Event.End(null));
    }

    /** Waits for what comes next; null: nothing came within this time. */
    @Nullable Event take(Duration within) throws InterruptedException {
        Event event = events.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        if (event instanceof Event.Next && call != null) {
            call.request(1);
        }
        return event;
    }

    /** Ends the watch. */
    void cancel() {
        if (call != null) {
            call.cancel("seen enough", null);
        }
    }
}
