package gw.worker.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * One zlib stream for the connection. A payload may be spread over several messages; it ends with
 * the message whose last four bytes are the sync flush {@code 00 00 FF FF}.
 *
 * @see <a href="https://docs.discord.com/developers/events/gateway#transport-compression">Discord:
 *     Transport Compression</a>
 */
final class ZlibStreamDecoder implements PayloadDecoder {
    private final Inflater inflater = new Inflater();
    private final PayloadBuffer spread;
    private final PayloadBuffer shared;
    private boolean waiting;

    /**
     * A new stream.
     *
     * @param spread this connection's own, for a payload that comes in several messages
     * @param shared for those that come in one
     */
    ZlibStreamDecoder(PayloadBuffer spread, PayloadBuffer shared) {
        this.spread = spread;
        this.shared = shared;
    }

    @Override
    public void message(boolean binary, byte[] bytes, int offset, int length, PayloadSink sink)
            throws CodecException {
        if (!binary) {
            sink.payload(bytes, offset, length);
            return;
        }
        boolean last = endsWithSyncFlush(bytes, offset, length);
        PayloadBuffer out = waiting || !last ? spread : shared;
        boolean whole = false;
        try {
            inflate(bytes, offset, length, out);
            if (last) {
                whole = true;
                sink.payload(out.array(), 0, out.length());
            }
        } catch (DataFormatException e) {
            throw new CodecException("zlib stream is damaged: " + e.getMessage());
        } finally {
            if (whole || out == shared) {
                out.clear();
            }
        }
        waiting = !last;
    }

    private void inflate(byte[] bytes, int offset, int length, PayloadBuffer out)
            throws CodecException, DataFormatException {
        inflater.setInput(bytes, offset, length);
        while (true) {
            int room = out.room();
            int written = inflater.inflate(out.array(), out.length(), room);
            out.advance(written);
            if (inflater.finished()) {
                throw new CodecException("zlib stream was ended by the sender");
            }
            if (inflater.needsDictionary()) {
                throw new CodecException("zlib stream wants a dictionary");
            }
            // Room to spare means that nothing is left inside the inflater either.
            if (written < room && inflater.needsInput()) {
                return;
            }
        }
    }

    private static boolean endsWithSyncFlush(byte[] bytes, int offset, int length) {
        int end = offset + length;
        return length >= 4
                && bytes[end - 4] == 0
                && bytes[end - 3] == 0
                && bytes[end - 2] == (byte) 0xff
                && bytes[end - 1] == (byte) 0xff;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
