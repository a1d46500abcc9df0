package gw.supervisor.shards;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

/**
 * Discord refused a shard for good: the same would come again on every try, so that only a person
 * can help.
 *
 * @param shardId the first one that was refused
 * @param closeCode the WebSocket close code, 0 when none is known
 * @param message what Discord said, without a full stop
 * @param advice what to do about it
 * @param exitCode how the command ends for it
 */
public record FatalClose(
        int shardId, int closeCode, String message, String advice, ExitCode exitCode) {

    /** Whether nothing but a human helps against this close code. */
    static boolean isFatal(int closeCode) {
        return switch (closeCode) {
            case 4004, 4010, 4011, 4012, 4013, 4014 -> true;
            default -> false;
        };
    }

    /**
     * Whether every other shard would be refused, too: it is about the bot, not about one shard.
     */
    public boolean concernsAll() {
        return switch (closeCode) {
            // 0: what gw had to say can't be said, whatever the shard.
            case 0, 4004, 4012, 4013, 4014 -> true;
            default -> false;
        };
    }

    static FatalClose of(int shardId, int closeCode, String reason) {
        String code = " (close code " + closeCode + ", shard " + shardId + ")";
        return switch (closeCode) {
            case 4004 ->
                    new FatalClose(
                            shardId,
                            closeCode,
                            "Discord refused the token" + code,
                            "Take a fresh one from the developer portal, page Bot, and set"
                                    + " DISCORD_TOKEN or --token-file.",
                            ExitCode.TOKEN_REFUSED);
            case 0 ->
                    new FatalClose(
                            shardId,
                            closeCode,
                            "shard " + shardId + " can't identify: " + reason,
                            "Shorten --presence or --properties.",
                            ExitCode.CONFIG);
            case 4010 ->
                    refused(
                            shardId,
                            closeCode,
                            "Discord refused the shard" + code,
                            "Check --first, --last and --max-shards.");
            case 4011 ->
                    refused(
                            shardId,
                            closeCode,
                            "Discord wants more shards: the bot is in too many guilds for its"
                                    + " shard count"
                                    + code,
                            "Raise --max-shards, or leave it out to take what Discord recommends.");
            case 4012 ->
                    refused(
                            shardId,
                            closeCode,
                            "Discord refused the version of its API that gw speaks" + code,
                            "This gw is too old for Discord: update it. With --api-url, check"
                                    + " what answers there.");
            case 4013 ->
                    refused(
                            shardId,
                            closeCode,
                            "Discord does not know these intents" + code,
                            "Check the number given to --intents, or use names.");
            case 4014 ->
                    refused(
                            shardId,
                            closeCode,
                            "Discord does not allow this bot these intents" + code,
                            "Switch the privileged ones on in the developer portal, page Bot, or"
                                    + " leave them out of --intents.");
            default ->
                    refused(
                            shardId,
                            closeCode,
                            "Discord refused shard "
                                    + shardId
                                    + " for good"
                                    + (reason.isEmpty() ? "" : ": " + reason),
                            "Look into the worker's log for what came before.");
        };
    }

    private static FatalClose refused(int shardId, int closeCode, String message, String advice) {
        return new FatalClose(shardId, closeCode, message, advice, ExitCode.DISCORD_REFUSED);
    }

    /** The error that the command ends with. */
    public UserError toUserError() {
        return new UserError(exitCode, message, advice);
    }
}
