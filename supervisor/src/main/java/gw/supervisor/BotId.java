package gw.supervisor;

import gw.model.Secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** Names the bot that a token belongs to. */
final class BotId {
    private static final int HASH_BYTES = 8;

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

    /**
     * The same, or where the token names no bot, what tells it from other tokens and gives nothing
     * away.
     */
    static String orHash(Secret token) {
        String id = of(token);
        if (!id.isEmpty()) {
            return id;
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(token.reveal().getBytes(StandardCharsets.UTF_8));
            return "t" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
