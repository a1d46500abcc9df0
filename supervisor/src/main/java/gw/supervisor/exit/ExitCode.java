package gw.supervisor.exit;

/** How gw ends. The numbers are documented and never change their meaning. */
public enum ExitCode {
    OK(0),
    /** Something that should not happen; {@code -v} shows the stack trace. */
    INTERNAL(1),
    /** The command line was not understood. */
    USAGE(2),
    /** A configuration value is missing, unknown, out of range or unreadable. */
    CONFIG(3),
    /** Discord refused the token. */
    TOKEN_REFUSED(4),
    /** Discord refused the intents, the shards or the API version. */
    DISCORD_REFUSED(5),
    /** The session start limit has no room and waiting was not wanted. */
    NO_SESSION_STARTS(6),
    /** Discord can't be reached and waiting was not wanted. */
    UNREACHABLE(7),
    /** Another supervisor holds the state directory, or an address is in use. */
    IN_USE(8),
    /** No supervisor runs. */
    NOT_RUNNING(9),
    /** The running supervisor refused: no such shard or worker, or it is stopping. */
    REFUSED(10);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The process's exit status. */
    public int number() {
        return number;
    }
}
