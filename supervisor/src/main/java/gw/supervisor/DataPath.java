package gw.supervisor;

import gw.proto.v1.Attach;
import gw.proto.v1.GatewaySession;
import gw.proto.v1.ShardUpdate;
import gw.proto.v1.ToSupervisor;
import gw.supervisor.delivery.DeliveryLoop;
import gw.supervisor.link.LinkListener;
import gw.supervisor.link.WorkerLink;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.DispatchLog;
import gw.supervisor.log.KeptSession;
import gw.supervisor.log.ShadowLog;
import gw.supervisor.reshard.Overlap;
import gw.supervisor.reshard.Side;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * What comes over the links: records go into the log and are acked without leaving the data event
 * loop, everything else goes over to the control thread in the order it came.
 */
final class DataPath implements LinkListener {
    private final DispatchLog log;
    private final Overlap overlap;
    private final Inflow inflow;
    private final DeliveryLoop delivery;
    private final Executor control;
    private final ShardControl decisions;
    private final Set<WorkerLink> links = new HashSet<>();

    /** What the generation brings that isn't in charge; null: there is none. */
    private @Nullable Inflow shadows;

    private @Nullable ShadowLog shadowLog;

    /**
     * Wires them.
     *
     * @param overlap says which generation is in charge
     * @param control the control thread
     * @param decisions called on the control thread
     */
    DataPath(
            DispatchLog log,
            Overlap overlap,
            DeliveryLoop delivery,
            Executor control,
            ShardControl decisions) {
        this.log = log;
        this.overlap = overlap;
        this.inflow = new Inflow(log, this::taken);
        this.delivery = delivery;
        this.control = control;
        this.decisions = decisions;
    }

    /** Does what time asks for; to be called about once a second, on the data event loop. */
    void tick() {
        guarded(log::tick);
        guarded(inflow::goOn);
        guarded(delivery::wake);
    }

    /** The same several times a second, for what a reshard asks for. */
    void tickOften() {
        guarded(overlap::tick);
    }

    /** Whether a worker of this generation is still heard, or was and is not read to the end. */
    boolean hears(Side side) {
        return links.stream().anyMatch(link -> side.has(link.cluster())) || inflow.isFull();
    }

    /** The generation that came up is in charge: what it brings goes into the log of events. */
    void switched() {
        Inflow others = shadows;
        shadows = null;
        shadowLog = null;
        if (others != null) {
            others.handTo(inflow);
        }
    }

    /** Whether something had to be held back. */
    boolean isHeld() {
        Inflow others = shadows;
        return inflow.isFull() || (others != null && others.isFull());
    }

    /** A periodic task that throws is never run again. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            Supervisor.unexpected(e);
        }
    }

    @Override
    public void attached(WorkerLink link, Attach attach) {
        links.add(link);
        inflowOf(link).attached(link);
        control.execute(() -> decisions.attached(link, attach));
    }

    @Override
    public void batch(WorkerLink link, long number, byte[] array, int from, int to) {
        if (!overlap.knows(link.cluster())) {
            // It may not know yet that it has to go; what it brings is nobody's.
            link.reset("the shards of this worker are no longer this supervisor's");
            return;
        }
        inflowOf(link).take(link, number, array, from, to);
    }

    private Inflow inflowOf(WorkerLink link) {
        ShadowLog apart = overlap.shadowsOf(link.cluster());
        if (apart == null) {
            return inflow;
        }
        Inflow to = shadows;
        if (to == null || apart != shadowLog) {
            to = new Inflow(apart, this::taken);
            shadows = to;
            shadowLog = apart;
        }
        return to;
    }

    private void taken(WorkerLink link, AppendResult result) {
        if (result.problem().isPresent()) {
            // Sent again over the next link; what was good is recognised then.
            String problem = result.problem().get();
            control.execute(() -> decisions.damaged(link, problem));
        }
        if (result.accepted() > 0) {
            delivery.wake();
        }
    }

    @Override
    public void message(WorkerLink link, ToSupervisor message) {
        if (message.hasShard()) {
            if (overlap.knows(link.cluster())) {
                keep(link, message.getShard());
            }
        }
        control.execute(() -> decisions.message(link, message));
    }

    /** Ahead of the session's first record: the order of the link is meaning. */
    private void keep(WorkerLink link, ShardUpdate update) {
        GatewaySession session = update.getSession();
        String lost = update.getLostSessionId();
        if (!lost.isEmpty()) {
            keep(link, update.getShardId(), lost, "", true);
        }
        if (!session.getSessionId().isEmpty() && !session.getSessionId().equals(lost)) {
            keep(link, update.getShardId(), session.getSessionId(), session.getResumeUrl(), false);
        }
    }

    private void keep(
            WorkerLink link, int shardId, String sessionId, String resumeUrl, boolean ended) {
        Side side = overlap.sideOf(link.cluster());
        KeptSession session =
                new KeptSession(
                        shardId, side.shardCount(), side.intents(), sessionId, resumeUrl, 0, ended);
        ShadowLog apart = overlap.shadowsOf(link.cluster());
        if (apart == null) {
            log.session(session);
        } else {
            apart.session(session);
        }
    }

    @Override
    public void closed(WorkerLink link, String reason) {
        links.remove(link);
        // Once both generations run it counts as had by the one that serves, come again or not.
        boolean counts =
                overlap.stage() == Overlap.Stage.OVERLAPPING
                        && overlap.current().has(link.cluster());
        inflowOf(link).closed(link, !counts);
        control.execute(() -> decisions.closed(link, reason));
    }
}
