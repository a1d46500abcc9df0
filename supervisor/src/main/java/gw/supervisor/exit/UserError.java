package gw.supervisor.exit;

/**
 * An error that a person can do something about: printed as {@code gw: <message>} and, indented,
 * what to do. It never holds a secret.
 */
public final class UserError extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String advice;

    /**
     * An error for people.
     *
     * @param message what was wrong and where, without a full stop
     * @param advice what to do about it, a sentence; empty when the message says it
     */
    public UserError(ExitCode exitCode, String message, String advice) {
        super(message);
        this.exitCode = exitCode;
        this.advice = advice;
    }

    /** The same with the exception that led here, for {@code -v}. */
    public UserError(ExitCode exitCode, String message, String advice, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.advice = advice;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** What to do about it; may be empty. */
    public String advice() {
        return advice;
    }
}
