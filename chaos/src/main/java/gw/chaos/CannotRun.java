package gw.chaos;

/** The run could not be made: nothing is known of gw's promises. */
final class CannotRun extends Exception {
    CannotRun(String message) {
        super(message);
    }
}
