package gw.worker.socket;

/**
 * One connection to the gateway. All methods are called on its event loop; after the end they do
 * nothing.
 */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class GatewaySocket {
    GatewaySocket() {}

    /**
     * Sends one text message.
     *
     * @param json UTF-8, at most 4096 bytes (the caller has checked it)
     * @param written runs on the event loop once the bytes are handed to the kernel; not when that
     *     fails
     */
    public void send(byte[] json, Runnable written) {
        throw new UnsupportedOperationException();
    }

    /** Sends a close frame with this code and closes, at the latest a second later. */
    public void close(int code, String reason) {
        throw new UnsupportedOperationException();
    }

    /** Breaks the connection without a word. */
    public void abort(String reason) {
        throw new UnsupportedOperationException();
    }

    /** Stops or goes on reading: backpressure. */
    public void reading(boolean enabled) {
        throw new UnsupportedOperationException();
    }
}
