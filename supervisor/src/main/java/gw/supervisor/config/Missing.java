package gw.supervisor.config;

import gw.supervisor.exit.ExitCode;
import gw.supervisor.exit.UserError;

import java.util.ArrayList;
import java.util.List;

/** Says all at once what gw can't start without, and how to give it. */
final class Missing {
    private Missing() {}

    static void check(boolean token, boolean url, boolean intents) throws UserError {
        List<String> missing = new ArrayList<>();
        List<String> advice = new ArrayList<>();
        if (!token) {
            missing.add("bot token");
            advice.add(
                    "Set the variable DISCORD_TOKEN, or name a file with --token-file; the token is"
                            + " on your application's Bot page at"
                            + " https://discord.com/developers/applications.");
        }
        if (!url) {
            missing.add("URL to deliver to");
            advice.add("Say where your bot listens: --url http://127.0.0.1:8080/events");
        }
        if (!intents) {
            missing.add("intents");
            advice.add(
                    "Say which events you want: --intents GUILDS,GUILD_MESSAGES (gw start --help"
                            + " has more).");
        }
        if (missing.isEmpty()) {
            return;
        }
        advice.add("To see gw run without any of it: gw start --sim");
        throw new UserError(
                ExitCode.CONFIG, "no " + String.join(", no ", missing), String.join("\n", advice));
    }
}
