package gw.supervisor.control;

/** A call that can't be obeyed; the message says why. */
public final class ControlRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of refusal. */
    public enum Kind {
        /** There is no such shard or worker. */
        NOT_FOUND,
        /** Not now: the supervisor is stopping, or not the one for it. */
        NOT_NOW
    }

    private final Kind kind;

    /** A refusal in words. */
    public ControlRefusal(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
