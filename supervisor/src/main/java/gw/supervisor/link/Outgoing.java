package gw.supervisor.link;

import gw.proto.v1.ToWorker;

/** What goes to a worker: on the wire all of it is {@code gw.v1.ToWorker}. */
sealed interface Outgoing permits Outgoing.Message, AckStream {
    /** Anything but an ack. */
    record Message(ToWorker message) implements Outgoing {}
}
