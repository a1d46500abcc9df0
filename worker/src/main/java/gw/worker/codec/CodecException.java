package gw.worker.codec;

/** Compressed data that can't be undone, or that grows past its bound. */
public final class CodecException extends Exception {
    private static final long serialVersionUID = 1L;

    CodecException(String problem) {
        super(problem, null, false, false);
    }
}
