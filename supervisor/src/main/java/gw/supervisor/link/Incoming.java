package gw.supervisor.link;

import gw.proto.v1.ToSupervisor;

/** What comes from a worker: on the wire all of it is {@code gw.v1.ToSupervisor}. */
sealed interface Incoming {
    /** Anything but records. */
    record Message(ToSupervisor message) implements Incoming {}

    /**
     * Records.
     *
     * @param number the batch's number
     * @param array holds them from {@code from} to {@code to}, until the next message is parsed
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Records(long number, byte[] array, int from, int to) implements Incoming {}
}
