package gw.worker.codec;

import gw.model.TransportCompression;

/**
 * Undoes the compression of one connection: one context, new for each connection. Owned by the
 * connection's event loop; {@link #close()} frees native memory.
 */
public sealed interface PayloadDecoder extends AutoCloseable
        permits PlainDecoder, ZlibDocumentDecoder, ZlibStreamDecoder, ZstdStreamDecoder {
    /**
     * A new context.
     *
     * @param shared serves all connections of the event loop
     * @param maxMessageBytes largest payload after decompression
     */
    static PayloadDecoder create(
            TransportCompression compression, PayloadBuffer shared, long maxMessageBytes) {
        return switch (compression) {
            case NONE -> new PlainDecoder();
            case PAYLOAD -> new ZlibDocumentDecoder(shared);
            case ZLIB_STREAM -> new ZlibStreamDecoder(new PayloadBuffer(maxMessageBytes), shared);
            case ZSTD_STREAM -> new ZstdStreamDecoder(shared);
        };
    }

    /**
     * Takes one WebSocket message.
     *
     * @param binary false for a text message, which is never compressed
     * @param bytes holds the message; read only during the call
     * @param sink gets the payload when this message ends one
     * @throws CodecException when the data is damaged or too large; the decoder is of no use then
     */
    void message(boolean binary, byte[] bytes, int offset, int length, PayloadSink sink)
            throws CodecException;

    @Override
    void close();
}
