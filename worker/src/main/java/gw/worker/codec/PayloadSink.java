package gw.worker.codec;

/** Takes whole payloads, decompressed. */
@FunctionalInterface
public interface PayloadSink {
    /**
     * One payload.
     *
     * @param bytes valid only during the call
     */
    void payload(byte[] bytes, int offset, int length);
}
