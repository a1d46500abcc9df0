package gw.sim.cli;

/** The sim can't listen: an error that a person can do something about. */
final class CannotStart extends Exception {
    private static final long serialVersionUID = 1L;

    private final String advice;

    CannotStart(String message, String advice, Throwable cause) {
        super(message, cause);
        this.advice = advice;
    }

    String advice() {
        return advice;
    }
}
