package gw.worker.socket;

/**
 * Why a connection ended.
 *
 * @param cause who or what ended it
 * @param code the WebSocket close code that Discord sent, or that we sent; 0 when there was none
 * @param reason words for people; never holds the token
 */
public record SocketClose(Cause cause, int code, String reason) {
    /** Who or what ended a connection. */
    public enum Cause {
        /** DNS, TCP, TLS or the upgrade failed or took too long; no WebSocket came to be. */
        CONNECT_FAILED,
        /**
         * Discord sent a close frame; {@link SocketClose#code()} is 1005 when the frame held none.
         */
        REMOTE,
        /** We asked for it. */
        LOCAL,
        /** The connection broke without a close frame. */
        TRANSPORT,
        /** What came was no valid WebSocket or no valid compressed data, or it was too large. */
        PROTOCOL
    }
}
