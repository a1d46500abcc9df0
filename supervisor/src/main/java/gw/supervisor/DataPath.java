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

import java.util.concurrent.Executor;

/**
 * What comes over the links: records go into the log and are acked without leaving the data event
 * loop, everything else goes over to the control thread in the order it came.
 */
final class DataPath implements LinkListener {
    private final DispatchLog log;
    private final Inflow inflow;
    private final DeliveryLoop delivery;
    private final long intents;
    private final int shardCount;
    private final Executor control;
    private final ShardControl decisions;

    /**
     * Wires them.
     *
     * @param intents of each IDENTIFY
     * @param shardCount the bot's
     * @param control the control thread
     * @param decisions called on the control thread
     */
    DataPath(
            DispatchLog log,
            DeliveryLoop delivery,
            long intents,
            int shardCount,
            Executor control,
            ShardControl decisions) {
        this.log = log;
        this.inflow = new Inflow(log, this::taken);
        this.delivery = delivery;
        this.intents = intents;
        this.shardCount = shardCount;
        this.control = control;
        this.decisions = decisions;
    }

    /** Does what time asks for; to be called about once a second, on the data event loop. */
    void tick() {
        guarded(log::tick);
        guarded(inflow::goOn);
        guarded(delivery::wake);
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
        inflow.attached(link);
        control.execute(() -> decisions.attached(link, attach));
    }

    @Override
    public void batch(WorkerLink link, long number, byte[] array, int from, int to) {
        inflow.take(link, number, array, from, to);
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
            keep(message.getShard());
        }
        control.execute(() -> decisions.message(link, message));
    }

    /** Ahead of the session's first record: the order of the link is meaning. */
    private void keep(ShardUpdate update) {
        GatewaySession session = update.getSession();
        String lost = update.getLostSessionId();
        if (!lost.isEmpty()) {
            log.session(kept(update.getShardId(), lost, "", true));
        }
        if (!session.getSessionId().isEmpty() && !session.getSessionId().equals(lost)) {
            log.session(
                    kept(
                            update.getShardId(),
                            session.getSessionId(),
                            session.getResumeUrl(),
                            false));
        }
    }

    private KeptSession kept(int shardId, String sessionId, String resumeUrl, boolean ended) {
        return new KeptSession(shardId, shardCount, intents, sessionId, resumeUrl, 0, ended);
    }

    @Override
    public void closed(WorkerLink link, String reason) {
        inflow.closed(link);
        control.execute(() -> decisions.closed(link, reason));
    }
}
