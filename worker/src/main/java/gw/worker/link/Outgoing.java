package gw.worker.link;

import gw.proto.v1.ToSupervisor;

/** What goes to the supervisor: on the wire all of it is {@code gw.v1.ToSupervisor}. */
sealed interface Outgoing permits Outgoing.Message, Batch {
    /** Anything but records. */
    record Message(ToSupervisor message) implements Outgoing {}
}
