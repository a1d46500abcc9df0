package gw.worker.socket;

/**
 * Hears one connection. All calls come on the socket's event loop; none follows {@link #closed}.
 */
public interface SocketListener {
    /** The upgrade is done; messages may be sent. */
    void opened();

    /** Bytes came in, of whatever: the other side lives. Before what they make up is heard. */
    void inbound();

    /**
     * One whole payload, decompressed.
     *
     * @param bytes valid only during the call
     */
    void payload(byte[] bytes, int offset, int length);

    /** No more bytes are waiting: flush what {@link #payload} gathered. */
    void readComplete();

    /** The connection is over; called exactly once, also when it never opened. */
    void closed(SocketClose close);
}
