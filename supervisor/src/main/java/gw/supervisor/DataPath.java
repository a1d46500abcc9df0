package gw.supervisor;

import gw.proto.v1.Attach;
import gw.proto.v1.RecordBatch;
import gw.proto.v1.ToSupervisor;
import gw.supervisor.delivery.DeliveryLoop;
import gw.supervisor.link.LinkListener;
import gw.supervisor.link.WorkerLink;
import gw.supervisor.log.AppendResult;
import gw.supervisor.log.DispatchLog;

import java.util.concurrent.Executor;

/**
 * What comes over the links: records go into the log and are acked without leaving the data event
 * loop, everything else goes over to the control thread in the order it came.
 */
final class DataPath implements LinkListener {
    private final DispatchLog log;
    private final DeliveryLoop delivery;
    private final Executor control;
    private final ShardControl decisions;

    /**
     * Wires them.
     *
     * @param control the control thread
     * @param decisions called on the control thread
     */
    DataPath(DispatchLog log, DeliveryLoop delivery, Executor control, ShardControl decisions) {
        this.log = log;
        this.delivery = delivery;
        this.control = control;
        this.decisions = decisions;
    }

    @Override
    public void attached(WorkerLink link, Attach attach) {
        control.execute(() -> decisions.attached(link, attach));
    }

    @Override
    public void batch(WorkerLink link, RecordBatch batch) {
        AppendResult result = log.append(batch.getRecords());
        if (result.problem().isPresent()) {
            // Sent again over the next link; what was good is recognised then.
            String problem = result.problem().get();
            link.reset(problem);
            control.execute(() -> decisions.damaged(link, problem));
        } else {
            link.ack(batch.getBatch());
        }
        if (result.accepted() > 0) {
            delivery.wake();
        }
    }

    @Override
    public void message(WorkerLink link, ToSupervisor message) {
        control.execute(() -> decisions.message(link, message));
    }

    @Override
    public void closed(WorkerLink link, String reason) {
        control.execute(() -> decisions.closed(link, reason));
    }
}
