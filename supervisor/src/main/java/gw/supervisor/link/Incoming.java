package gw.supervisor.link;

import gw.proto.v1.ToSupervisor;

/** What comes from a worker: on the wire all of it is {@code gw.v1.ToSupervisor}. */
sealed interface Incoming {
    /** Anything but records. */
    record Message(ToSupervisor message) implements Incoming {}

    /** Records. It is the same object each time, and holds until the next message is parsed. */
    final class Records implements Incoming {
        private long number;
        private byte[] array = new byte[0];
        private int from;
        private int to;

        /** It is about this batch now. */
        Records of(long newNumber, byte[] newArray, int newFrom, int newTo) {
            number = newNumber;
            array = newArray;
            from = newFrom;
            to = newTo;
            return this;
        }

        /** The batch's number. */
        long number() {
            return number;
        }

        /** Holds them from {@link #from} to {@link #to}. */
        byte[] array() {
            return array;
        }

        int from() {
            return from;
        }

        int to() {
            return to;
        }
    }
}
