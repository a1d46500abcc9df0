package gw.sim;

import gw.sim.fault.Fault;
import gw.sim.fault.FaultSchedule;
import gw.sim.gateway.Gateway;
import gw.sim.rest.RestApi;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** Brings each fault to where it happens, at once or by a schedule. Owned by the event loop. */
final class FaultDesk {
    private final EventLoop loop;
    private final Gateway gateway;
    private final RestApi rest;
    private final ListeningPort mainPort;
    private final ListeningPort resumePort;
    private final DeadHost resumeHost;
    private @Nullable ScheduledFuture<?> next;

    FaultDesk(
            EventLoop loop,
            Gateway gateway,
            RestApi rest,
            ListeningPort mainPort,
            ListeningPort resumePort,
            DeadHost resumeHost) {
        this.loop = loop;
        this.gateway = gateway;
        this.rest = rest;
        this.mainPort = mainPort;
        this.resumePort = resumePort;
        this.resumeHost = resumeHost;
    }

    /** False: it needs a connected shard, and there is none. */
    boolean inject(Fault fault, OptionalInt shardId) {
        switch (fault) {
            case Fault.OnConnection one -> {
                return gateway.inject(one, shardId);
            }
            case Fault.ReconnectBeforeHello(int connections) ->
                    gateway.reconnectBeforeHello(connections);
            case Fault.DeadResumeHost(var duration) -> {
                resumeHost.dieFor(duration);
                gateway.resetResumed();
            }
            case Fault.RefuseConnects(var duration) -> {
                mainPort.refuseFor(duration);
                resumePort.refuseFor(duration);
            }
            case Fault.NoResumes(var duration) -> gateway.breakResumes(duration);
            case Fault.Maintenance(var duration) -> gateway.maintain(duration);
            case Fault.RestStatus status -> rest.inject(status);
            case Fault.InteractionStatus status -> rest.inject(status);
        }
        return true;
    }

    /** Replaces the schedule that runs, if one does. */
    void schedule(FaultSchedule schedule) {
        stop();
        if (!schedule.isEmpty()) {
            arm(schedule, 0, 0);
        }
    }

    private void arm(FaultSchedule schedule, int index, long elapsedNanos) {
        FaultSchedule.Step step = schedule.step(index);
        long offsetNanos = step.offset().toNanos();
        next =
                loop.schedule(
                        () -> {
                            var _ = inject(step.fault(), OptionalInt.empty());
                            arm(schedule, index + 1, offsetNanos);
                        },
                        offsetNanos - elapsedNanos,
                        TimeUnit.NANOSECONDS);
    }

    void stop() {
        if (next != null) {
            var _ = next.cancel(false);
        }
    }
}
