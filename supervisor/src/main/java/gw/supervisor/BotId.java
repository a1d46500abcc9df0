package gw.supervisor;

import gw.model.Secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Names the bot that a token belongs to. */
final class BotId {
    private BotId() {}

    /** A token begins with its bot's id, which is public; another form of token names no bot. */
    static String of(Secret token) {
        String first = token.reveal().split("\\.", 2)[0];
        try {
            String id = new String(Base64.getDecoder().decode(first), StandardCharsets.US_ASCII);
            return id.matches("[0-9]{15,20}") ? id : "";
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
