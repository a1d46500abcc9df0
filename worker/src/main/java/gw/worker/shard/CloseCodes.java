package gw.worker.shard;

/**
 * What a WebSocket close code asks of us.
 *
 * @see <a
 *     href="https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes">Discord:
 *     Gateway Close Event Codes</a>
 */
final class CloseCodes {
    /** What to do next. */
    enum Verdict {
        /** The session lives: resume it. */
        RESUME,
        /** Discord says goodbye, which may end the session: one try to resume it. */
        RESUME_ONCE,
        /** The session is gone: identify anew. */
        NEW_SESSION,
        /** Nothing but a human helps. */
        FATAL
    }

    private CloseCodes() {}

    static Verdict verdict(int code) {
        return switch (code) {
            case 4004, 4010, 4011, 4012, 4013, 4014 -> Verdict.FATAL;
            case 4007, 4009 -> Verdict.NEW_SESSION;
            case 1000, 1001 -> Verdict.RESUME_ONCE;
            default -> Verdict.RESUME;
        };
    }

    /** The code in words. */
    static String words(int code) {
        return switch (code) {
            case 4000 -> "unknown error";
            case 4001 -> "unknown opcode";
            case 4002 -> "payload not understood";
            case 4003 -> "not authenticated";
            case 4004 -> "the token was refused";
            case 4005 -> "already authenticated";
            case 4007 -> "invalid sequence";
            case 4008 -> "rate limited: gw sent too much, which is a defect";
            case 4009 -> "session timed out";
            case 4010 -> "invalid shard";
            case 4011 -> "sharding required: too many guilds for this shard count";
            case 4012 -> "invalid API version";
            case 4013 -> "invalid intents";
            case 4014 -> "intents that are not switched on for this bot";
            case 1005 -> "no reason given";
            default -> "";
        };
    }
}
