package gw.supervisor.config;

/** A value that its setting can't take. Holds what may be shown of it. */
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String advice;

    /**
     * A refusal.
     *
     * @param message the value and what is allowed, to stand behind "where: "
     * @param advice may be empty
     */
    BadValueException(String message, String advice) {
        super(message);
        this.advice = advice;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    String advice() {
        return advice;
    }
}
