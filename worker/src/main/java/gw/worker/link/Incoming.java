package gw.worker.link;

import gw.proto.v1.ToWorker;

/** What comes from the supervisor: on the wire all of it is {@code gw.v1.ToWorker}. */
sealed interface Incoming {
    /** Anything but an ack. */
    record Message(ToWorker message) implements Incoming {}

    /** An ack. It is the same object each time, and holds until the next message is parsed. */
    final class Ack implements Incoming {
        private long batch;

        /** It is about this batch now. */
        void of(long newBatch) {
            batch = newBatch;
        }

        /** Up to and with this one the supervisor holds all. */
        long batch() {
            return batch;
        }
    }
}
