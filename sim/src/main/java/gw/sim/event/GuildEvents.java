package gw.sim.event;

import java.util.List;

/** What happens to a guild: its members, channels, roles, voice. */
final class GuildEvents {
    private static final List<String> STATUSES = List.of("online", "idle", "dnd", "offline");

    private final Things things;

    GuildEvents(Things things) {
        this.things = things;
    }

    JsonObject presence() {
        String status = STATUSES.get(things.random.nextInt(STATUSES.size()));
        return things.object()
                .object("user", things.object().text("id", things.id()))
                .text("status", status)
                .guild()
                .object("client_status", things.object().text("desktop", status))
                .nothing("broadcast")
                .list("activities", things.some(2, things::activity));
    }

    JsonObject voice() {
        return things.object()
                .object("member", things.memberWithUser())
                .text("user_id", things.id())
                .flag("suppress", false)
                .text("session_id", things.hex())
                .flag("self_video", false)
                .flag("self_mute", things.random.nextBoolean())
                .flag("self_deaf", false)
                .nothing("request_to_speak_timestamp")
                .flag("mute", false)
                .guild()
                .flag("deaf", false)
                .text("channel_id", things.id());
    }

    JsonObject memberAdded() {
        return things.memberWithUser().guild();
    }

    JsonObject memberRemoved() {
        return things.object().object("user", things.user()).guild();
    }

    JsonObject channelUpdated() {
        return things.channel().list("available_tags", things.some(3, things::misleading)).guild();
    }

    JsonObject roleUpdated() {
        return things.object().object("role", things.role()).guild();
    }

    JsonObject auditLogEntry() {
        return things.object()
                .text("user_id", things.id())
                .text("target_id", things.id())
                .text("reason", things.words.content(60))
                .newId("id")
                .list(
                        "changes",
                        things.some(
                                3,
                                () ->
                                        things.object()
                                                .text("key", "name")
                                                .text("new_value", things.words.name())
                                                .text("old_value", things.words.name())))
                .number("action_type", 1 + things.random.nextInt(150))
                .guild();
    }

    /** The guild is {@code d.id} here; a {@code guild_id} in it, at any depth, names none. */
    JsonObject guildUpdated() {
        JsonObject event =
                scalars()
                        .list("roles", things.many(4 + things.random.nextInt(8), things::role))
                        .list("emojis", things.some(8, things::emoji))
                        .list("stickers", things.some(1, things::misleading))
                        .json("id", "\"" + EventTemplate.GUILD + "\"");
        return things.random.nextInt(4) == 0 ? event.text("guild_id", "1") : event;
    }

    /** What every guild object has. */
    JsonObject scalars() {
        return things.object()
                .text("name", things.words.name())
                .nothing("icon")
                .text("description", things.words.content(100))
                .text("owner_id", things.id())
                .text("region", "deprecated")
                .number("afk_timeout", 300)
                .text("system_channel_id", things.id())
                .number("verification_level", things.random.nextInt(4))
                .number("default_message_notifications", 1)
                .number("explicit_content_filter", 2)
                .json("features", "[\"COMMUNITY\",\"NEWS\",\"guild_id\",\"}{\"]")
                .number("mfa_level", 0)
                .text("preferred_locale", "en-US")
                .number("premium_tier", things.random.nextInt(4))
                .number("premium_subscription_count", things.random.nextInt(40))
                .number("max_members", 25_000_000)
                .flag("nsfw", false);
    }
}
