package gw.worker.envelope;

/** Reads a payload's envelope: op, t, s, where d lies, and the guild id. */
@SuppressWarnings({"DoNotCallSuggester", "unused"})
public final class EnvelopeScanner {
    /**
     * Scans one payload.
     *
     * @param json holds the payload, UTF-8, at {@code offset}, {@code length} bytes
     * @param into filled on success; of no meaning after an exception
     * @throws EnvelopeException when the bytes are not one JSON object with a numeric op
     */
    public void scan(byte[] json, int offset, int length, Envelope into) throws EnvelopeException {
        throw new UnsupportedOperationException();
    }
}
