package gw.worker.envelope;

/**
 * A payload whose envelope can't be read. The message says at which byte and what was expected; it
 * quotes no content.
 */
public final class EnvelopeException extends Exception {
    private static final long serialVersionUID = 1L;

    EnvelopeException(int offset, String problem) {
        super("at byte " + offset + ": " + problem, null, false, false);
    }
}
