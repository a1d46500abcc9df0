package gw.worker.socket;

import gw.model.TransportCompression;

import io.netty.channel.EventLoop;

import java.time.Duration;
import java.util.function.LongConsumer;

/** Opens connections to Discord's gateway on one event loop. */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class GatewaySockets {
    /**
     * Connections of one worker.
     *
     * @param loop runs all of them
     * @param stepTimeout bound on each of DNS, TCP, TLS and the upgrade
     * @param maxMessageBytes largest message after decompression; a larger one ends the connection
     * @param socketBytes told how many bytes came in
     */
    public GatewaySockets(
            EventLoop loop, Duration stepTimeout, long maxMessageBytes, LongConsumer socketBytes) {
        throw new UnsupportedOperationException();
    }

    /**
     * Starts to connect; the outcome comes to the listener.
     *
     * @param url {@code ws://} or {@code wss://} as Discord gave it; version, encoding and
     *     compression are put into its query here
     * @param apiVersion for the {@code v} parameter
     */
    public GatewaySocket connect(
            String url, int apiVersion, TransportCompression compression, SocketListener listener) {
        throw new UnsupportedOperationException();
    }
}
