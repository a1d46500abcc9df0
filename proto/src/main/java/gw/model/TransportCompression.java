package gw.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How Discord compresses what it sends: one context over the whole connection, or each payload by
 * itself.
 *
 * @see <a
 *     href="https://docs.discord.com/developers/events/gateway#encoding-and-compression">Discord:
 *     Encoding and Compression</a>
 */
public enum TransportCompression {
    /** Plain JSON text frames. */
    NONE("none"),
    /** {@code compress: true} in IDENTIFY: large payloads are zlib documents of their own. */
    PAYLOAD("payload"),
    /** One zlib stream for the connection, a message ends with a sync flush. */
    ZLIB_STREAM("zlib-stream"),
    /** One zstd frame for the connection, a message is a WebSocket message. */
    ZSTD_STREAM("zstd-stream");

    private final String wireName;

    TransportCompression(String wireName) {
        this.wireName = wireName;
    }

    /** The name in the URL's query and in gw's options. */
    public String wireName() {
        return wireName;
    }

    /** Whether it belongs into the URL's {@code compress} parameter. */
    public boolean isTransport() {
        return this == ZLIB_STREAM || this == ZSTD_STREAM;
    }

    /** The one with this {@link #wireName()}; empty when there is none. */
    public static Optional<TransportCompression> byWireName(String name) {
        return Arrays.stream(values())
                .filter(compression -> compression.wireName.equals(name))
                .findFirst();
    }

    /** All names, for messages: {@code none, payload, zlib-stream, zstd-stream}. */
    public static String allNames() {
        return Arrays.stream(values())
                .map(TransportCompression::wireName)
                .collect(Collectors.joining(", "));
    }
}
