package gw.worker.codec;

/** No compression: each message is a payload. */
final class PlainDecoder implements PayloadDecoder {
    @Override
    public void message(boolean binary, byte[] bytes, int offset, int length, PayloadSink sink) {
        sink.payload(bytes, offset, length);
    }

    @Override
    public void close() {}
}
