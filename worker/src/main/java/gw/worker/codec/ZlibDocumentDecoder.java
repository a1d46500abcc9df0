package gw.worker.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Payload compression: each binary message is a zlib document of its own. */
final class ZlibDocumentDecoder implements PayloadDecoder {
    private final Inflater inflater = new Inflater();
    private final PayloadBuffer out;

    ZlibDocumentDecoder(PayloadBuffer out) {
        this.out = out;
    }

    @Override
    public void message(boolean binary, byte[] bytes, int offset, int length, PayloadSink sink)
            throws CodecException {
        if (!binary) {
            sink.payload(bytes, offset, length);
            return;
        }
        try {
            inflater.reset();
            inflater.setInput(bytes, offset, length);
            while (!inflater.finished()) {
                int room = out.room();
                int written = inflater.inflate(out.array(), out.length(), room);
                out.advance(written);
                if (written == 0 && !inflater.finished()) {
                    throw new CodecException("zlib document is cut");
                }
            }
            sink.payload(out.array(), 0, out.length());
        } catch (DataFormatException e) {
            throw new CodecException("zlib document is damaged: " + e.getMessage());
        } finally {
            out.clear();
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
