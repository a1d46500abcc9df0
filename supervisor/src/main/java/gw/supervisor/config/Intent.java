package gw.supervisor.config;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Discord's gateway intents.
 *
 * @see <a href="https://docs.discord.com/developers/events/gateway#gateway-intents">Discord:
 *     Gateway Intents</a>
 */
enum Intent {
    GUILDS(0),
    GUILD_MEMBERS(1, true),
    GUILD_MODERATION(2),
    GUILD_EXPRESSIONS(3),
    GUILD_INTEGRATIONS(4),
    GUILD_WEBHOOKS(5),
    GUILD_INVITES(6),
    GUILD_VOICE_STATES(7),
    GUILD_PRESENCES(8, true),
    GUILD_MESSAGES(9),
    GUILD_MESSAGE_REACTIONS(10),
    GUILD_MESSAGE_TYPING(11),
    DIRECT_MESSAGES(12),
    DIRECT_MESSAGE_REACTIONS(13),
    DIRECT_MESSAGE_TYPING(14),
    MESSAGE_CONTENT(15, true),
    GUILD_SCHEDULED_EVENTS(16),
    AUTO_MODERATION_CONFIGURATION(20),
    AUTO_MODERATION_EXECUTION(21),
    GUILD_MESSAGE_POLLS(24),
    DIRECT_MESSAGE_POLLS(25);

    private final int position;
    private final boolean privileged;

    Intent(int position) {
        this(position, false);
    }

    Intent(int position, boolean privileged) {
        this.position = position;
        this.privileged = privileged;
    }

    long bit() {
        return 1L << position;
    }

    /** Whether it must be switched on in Discord's developer portal. */
    boolean privileged() {
        return privileged;
    }

    /** Its name and the names it had before. */
    Stream<String> allNames() {
        return Stream.concat(Stream.of(name()), formerNames());
    }

    private Stream<String> formerNames() {
        if (this == GUILD_MODERATION) {
            return Stream.of("GUILD_BANS");
        }
        return this == GUILD_EXPRESSIONS
                ? Stream.of("GUILD_EMOJIS_AND_STICKERS", "GUILD_EMOJIS")
                : Stream.empty();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Intent::name).toList();
    }
}
