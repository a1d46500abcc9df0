package gw.supervisor.link;

import gw.proto.v1.Attach;
import gw.proto.v1.ToSupervisor;

/** Hears the workers. All calls are on the data event loop. */
public interface LinkListener {
    /**
     * A worker presents itself with a link version that fits. It is answered by {@link
     * WorkerLink#configure} or {@link WorkerLink#refuse}, at once or later.
     */
    void attached(WorkerLink link, Attach attach);

    /**
     * Records came; answered by {@link WorkerLink#ack} or {@link WorkerLink#reset}.
     *
     * @param number the batch's
     * @param array holds them from {@code from} to {@code to}; it is written over after this call
     */
    void batch(WorkerLink link, long number, byte[] array, int from, int to);

    /** Anything else came. */
    void message(WorkerLink link, ToSupervisor message);

    /** The link is over; called once for each that was attached. */
    void closed(WorkerLink link, String reason);
}
